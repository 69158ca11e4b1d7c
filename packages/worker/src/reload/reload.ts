import type { PartId, PartLogic } from '../root/part.ts';

/** Live settings of the root actor. */
export interface ShutdownLimits {
  /** How long the worker goes on after it was asked to stop, so that its metrics can be collected. */
  readonly shutdownDelayMs: number;
  /** How long its parts may take to end. */
  readonly shutdownTimeoutMs: number;
}

/** What a new configuration changes. A part that is in neither list goes on untouched. */
export interface Reload extends ShutdownLimits {
  /** Whether it says the same as the one in force. */
  readonly isUnchanged: boolean;
  /** Parts that are changed or gone. */
  readonly leaving: readonly PartId[];
  /** Parts that are changed or new. */
  readonly starting: ReadonlyMap<PartId, PartLogic>;
}

/** What became of a request to load the configuration anew. */
export type ReloadReport =
  | { readonly outcome: 'applied'; readonly stopped: readonly PartId[]; readonly started: readonly PartId[] }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refused'; readonly error: unknown };

export const appliedReport = ({ leaving, starting }: Reload): ReloadReport => ({
  outcome: 'applied',
  stopped: leaving,
  started: [...starting.keys()],
});
