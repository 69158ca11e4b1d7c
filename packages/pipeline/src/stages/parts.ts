/** One delivery as several, and several as one: each side is told what concerns it. */
import type { Message } from '@sluice/bloblang';
import type { Delivery } from '../delivery.ts';
import { failureOf, failuresIn } from '../errors.ts';

/** A message of a part, with the indexes of the messages of the whole that it stands for. */
interface PartMessage {
  readonly message: Message;
  readonly sources: readonly number[];
}

/** The parts of a delivery, which settles when all of them have; without any, at once. A message has failed if one that stands for it has. */
export function partsOf(whole: Delivery, parts: readonly (readonly PartMessage[])[]): Delivery[] {
  const failures = new Map<number, Error>();
  let unsettled = parts.length;
  if (unsettled === 0) whole.settle();
  return parts.map((part) => ({
    ...whole,
    messages: part.map(({ message }) => message),
    settle: (failure) => {
      for (const [index, error] of failuresIn(failure, part.length))
        for (const source of part[index]!.sources) if (!failures.has(source)) failures.set(source, error);
      if (--unsettled === 0) whole.settle(failureOf(failures, whole.messages.length));
    },
  }));
}

/** A part of a delivery by the indexes of its messages. */
export const pick = ({ messages }: Delivery, indexes: readonly number[]): readonly PartMessage[] =>
  indexes.map((index) => ({ message: messages[index]!, sources: [index] }));

/** Several deliveries as one batch, in their order. Each is told of the failures of its own messages. */
export function joined(deliveries: readonly Delivery[]): Delivery {
  if (deliveries.length === 1) return deliveries[0]!;
  const messages = deliveries.flatMap((delivery) => delivery.messages);
  return {
    messages,
    settle: (failure) => {
      const failures = failuresIn(failure, messages.length);
      let start = 0;
      for (const { messages: own, settle } of deliveries) {
        const ownFailures = own.flatMap((_, index): [number, Error][] => {
          const error = failures.get(start + index);
          return error ? [[index, error]] : [];
        });
        start += own.length;
        settle(failureOf(new Map(ownFailures), own.length));
      }
    },
  };
}
