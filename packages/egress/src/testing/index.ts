export { chainOf, refusingChainOf } from './chain.ts';
export { TARGET } from './egress.ts';
export { ambiguousOf, audit, feed, type Rig, startRig, until } from './egress-rig.ts';
export { settled } from './held-sink.ts';
export { holdOf } from './writer-rig.ts';
