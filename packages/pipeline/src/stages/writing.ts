import type { Message } from '@sluice/bloblang';
import type { Deliver, Delivery } from '../delivery.ts';
import { Slots } from './slots.ts';
import { withoutFailed } from './without-failed.ts';

export interface WritingOptions {
  /** Batches written at the same time. */
  readonly maxInFlight: number;
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
  const { maxInFlight, refusesFailed, onFailure } = options;
  const slots = new Slots(maxInFlight);
  const settleAs = async ({ messages, settle, respond }: Delivery): Promise<void> => {
    let failure: Error | undefined;
    try {
      await write(messages, respond);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure?.(failure);
    }
    slots.release();
    settle(failure);
  };
  return async (delivery) => {
    const sound = refusesFailed ? withoutFailed(delivery, 'rejected due to failed processing') : delivery;
    if (!sound) return;
    await slots.take();
    void settleAs(sound);
  };
}
