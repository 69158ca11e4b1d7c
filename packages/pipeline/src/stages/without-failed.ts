import type { Delivery } from '../delivery.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';
import { partsOf, pick } from './parts.ts';

/** Refuses the messages whose processing failed; answers what is left, if anything is. */
export function withoutFailed(delivery: Delivery, reason: string): Delivery | undefined {
  const { messages } = delivery;
  if (!messages.some(({ failure }) => failure)) return delivery;
  const sound = [...messages.keys()].filter((index) => !messages[index]!.failure);
  const failed = [...messages.keys()].filter((index) => messages[index]!.failure);
  const [refused, rest] = partsOf(delivery, [pick(delivery, failed), ...(sound.length > 0 ? [pick(delivery, sound)] : [])]);
  const reasons = new Map(
    refused!.messages.map(({ failure }, index) => [index, new MessageRejectedError(`${reason}: ${failure!.message}`)]),
  );
  refused!.settle(failureOf(reasons, refused!.messages.length));
  return rest;
}
