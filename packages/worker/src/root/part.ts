import type { PartPlan as Plan } from '@sluice/actor-kit';
import type { ActorRefFrom, StateMachine } from 'xstate';

/** What a worker consists of: an ingress, an egress, an endpoint, the timers of delayed messages, the HTTP front of functions, or what sees to dead letters. */
export type PartId =
  | `ingress:${string}`
  | `egress:${string}`
  | `endpoint:${string}`
  | `timers:${string}`
  | `front:${string}`
  | `deadLetters:${string}`;

/** What a part ends with. It has given its leases back by then. */
export interface PartOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; only what no retry mends. `undefined` when it was stopped. */
  readonly error: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: what a part is made of is its own matter; what the worker relies on is its output
type Own = any;

/**
 * The logic of a part: a machine that has the tag `ready` while it works, ends when `shutdown.requested` is sent to it, and ends by itself
 * only for what no retry mends.
 */
export type PartLogic = StateMachine<Own, Own, Own, Own, Own, Own, Own, Own, Own, Own, PartOutput, Own, Own, Own>;

export type PartRef = ActorRefFrom<PartLogic>;

export type PartPlan = Plan<PartLogic>;

/** What a configuration asks of the parts of a worker. */
export type PartPlans = ReadonlyMap<PartId, PartPlan>;
