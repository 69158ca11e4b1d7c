import type { Message } from '@sluice/bloblang';
import type { ComponentSettings } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import { ComponentConfigError, failuresIn } from '../errors.ts';
import { partsOf, pick } from '../stages/parts.ts';

/** `fallback`: what one output refuses goes to the next, with the reason in the metadata `fallback_error`. */
export const fallback: BuildOutput = (settings, context) => {
  const outputs = optionsOf<readonly ComponentSettings[]>(settings).map((output) => context.output(output));
  const [first] = outputs;
  if (!first) throw new ComponentConfigError(settings, 'a `fallback` needs at least one output');
  return outputs.reduceRight((next, output) => orElse(output, next));
};

const orElse =
  (output: Deliver, next: Deliver): Deliver =>
  (delivery) =>
    output({
      ...delivery,
      settle: (failure) => {
        if (failure) void next(failedOf(delivery, failure));
        else delivery.settle();
      },
    });

/** The messages that failed, each with its reason. */
function failedOf(whole: Delivery, failure: Error): Delivery {
  const failures = failuresIn(failure, whole.messages.length);
  const indexes = [...failures.keys()].sort((a, b) => a - b);
  const [part] = partsOf(whole, [
    pick(whole, indexes).map(({ message, sources }, place) => ({
      message: withError(message, failures.get(indexes[place]!)!.message),
      sources,
    })),
  ]);
  return part!;
}

const withError = (message: Message, reason: string): Message => ({
  ...message,
  metadata: { ...message.metadata, fallback_error: reason },
});
