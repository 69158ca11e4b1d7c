export { chainOf, refusingChainOf } from './chain.ts';
export { TARGET } from './egress.ts';
export { audit, feed, type Rig, startRig, until } from './egress-rig.ts';
