export { type ActorChange, type ActorNode, ActorTree, type ActorTreeOptions, stateOf } from './actor-tree.ts';
export { notProvided } from './not-provided.ts';
export type { PartPlan } from './part-plan.ts';
