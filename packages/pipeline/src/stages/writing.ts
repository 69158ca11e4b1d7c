import type { Message } from '@sluice/bloblang';
import { RECORD_OVERHEAD_BYTES, type Weight, WeightedBudget } from '@sluice/core';
import type { Deliver, Delivery } from '../delivery.ts';
import { Slots } from './slots.ts';
import { withoutFailed } from './without-failed.ts';

export interface WritingOptions {
  /** Batches written at the same time. */
  readonly maxInFlight: number;
  /** Of them together; one that is larger is written alone. @default no limit */
  readonly maxBytes?: number;
  /** Aborted when the pipeline gives up what is left. */
  readonly signal: AbortSignal;
  /** Whether messages whose processing failed are refused. */
  readonly refusesFailed: boolean;
  /** Told of each failure, for the log. */
  readonly onFailure?: (error: Error) => void;
}

/** Writes a batch. @param respond see {@link Delivery} */
export type Write = (messages: readonly Message[], respond: Delivery['respond']) => Promise<void>;

/**
 * An output that writes: the last stage of a delivery.
 * @param write resolves once all messages are safe; rejects with a `BatchError` where only some are, with any other error where none is
 */
export function writing(write: Write, options: WritingOptions): Deliver {
  const { maxInFlight, maxBytes, refusesFailed, signal, onFailure } = options;
  const slots = new Slots(maxInFlight);
  const budget = maxBytes === undefined ? undefined : new WeightedBudget({ bytes: maxBytes, records: Number.POSITIVE_INFINITY });
  const settleAs = async ({ messages, settle, respond }: Delivery, weight: Weight): Promise<void> => {
    let failure: Error | undefined;
    try {
      await write(messages, respond);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure?.(failure);
    }
    slots.release();
    budget?.release(weight);
    settle(failure);
  };
  return async (delivery) => {
    const sound = refusesFailed ? withoutFailed(delivery, 'rejected due to failed processing') : delivery;
    if (!sound) return;
    const weight = weightOf(sound.messages);
    await slots.take();
    try {
      await budget?.reserve(weight, signal);
    } catch {
      // The pipeline has given up: it stays unsettled.
      return;
    }
    budget?.adjust(weight, weight);
    void settleAs(sound, weight);
  };
}

const weightOf = (messages: readonly Message[]): Weight => ({
  bytes: messages.reduce((sum, { content }) => sum + content.length + RECORD_OVERHEAD_BYTES, 0),
  records: messages.length,
});
