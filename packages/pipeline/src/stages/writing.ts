import type { Message } from '@sluice/bloblang';
import type { Deliver, Delivery } from '../delivery.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';
import { partsOf, pick } from './parts.ts';
import { Slots } from './slots.ts';

export interface WritingOptions {
  /** Batches written at the same time. */
  readonly maxInFlight: number;
  /** Whether messages whose processing failed are refused. */
  readonly refusesFailed: boolean;
  /** Told of each failure, for the log. */
  readonly onFailure?: (error: Error) => void;
}

/**
 * An output that writes: the last stage of a delivery.
 * @param write resolves once all messages are safe; rejects with a `BatchError` where only some are, with any other error where none is
 */
export function writing(write: (messages: readonly Message[]) => Promise<void>, options: WritingOptions): Deliver {
  const { maxInFlight, refusesFailed, onFailure } = options;
  const slots = new Slots(maxInFlight);
  const settleAs = async ({ messages, settle }: Delivery): Promise<void> => {
    let failure: Error | undefined;
    try {
      await write(messages);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure?.(failure);
    }
    slots.release();
    settle(failure);
  };
  return async (delivery) => {
    const sound = refusesFailed ? withoutFailed(delivery) : delivery;
    if (!sound) return;
    await slots.take();
    void settleAs(sound);
  };
}

/** Refuses the messages whose processing failed; answers what is left, if anything is. */
function withoutFailed(delivery: Delivery): Delivery | undefined {
  const { messages } = delivery;
  if (!messages.some(({ failure }) => failure)) return delivery;
  const sound = [...messages.keys()].filter((index) => !messages[index]!.failure);
  const failed = [...messages.keys()].filter((index) => messages[index]!.failure);
  const [refused, rest] = partsOf(delivery, [pick(delivery, failed), ...(sound.length > 0 ? [pick(delivery, sound)] : [])]);
  const reasons = new Map(
    refused!.messages.map(({ failure }, index) => [
      index,
      new MessageRejectedError(`rejected due to failed processing: ${failure!.message}`),
    ]),
  );
  refused!.settle(failureOf(reasons, refused!.messages.length));
  return rest;
}
