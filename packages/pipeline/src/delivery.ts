/** What passes between the stages of a pipeline: batches, and word of what became of them. */
import type { Message } from '@sluice/bloblang';

/** A batch on its way, and whom to tell what became of it. */
export interface Delivery {
  readonly messages: readonly Message[];
  readonly settle: Settle;
  /** Takes what is answered to whoever sent the messages, where somebody waits for that. */
  readonly respond?: (answer: readonly Message[]) => void;
}

/**
 * Called once for each delivery: without a failure as soon as each of its messages is safely past all later stages. A
 * {@link BatchError} tells which messages have failed, any other error is that of all. Never throws.
 */
export type Settle = (failure?: Error) => void;

/** Hands a batch to the next stage. Resolves when that has room for another one; what became of the batch is told by `settle`. A rejection is a bug. */
export type Deliver = (delivery: Delivery) => Promise<void>;

/**
 * Reads a source and delivers what it holds. Resolves once there is nothing more to read, or soon after `signal` is aborted. What the
 * later stages refuse may still be delivered again after that, until they take it.
 */
export type Input = (deliver: Deliver, signal: AbortSignal) => Promise<void>;
