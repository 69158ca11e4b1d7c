export { type EgressesOptions, planEgresses } from './create-egresses.ts';
export type { EgressOutput } from './egress/egress.machine.ts';
export type { EgressLogic } from './egress/egress.ts';
