import { parseInterpolation } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';
import { countedDelivery } from './counted.ts';

/** `reject`: refuses each message with a text. */
export const reject: BuildOutput = (settings, context) => {
  const reason = parseInterpolation(optionsOf<BloblangSource>(settings).source);
  const refuse: Deliver = async ({ messages, settle }) => {
    const failures = messages.map((_, index): [number, Error] => [index, new MessageRejectedError(reason.evaluate(messages, index))]);
    settle(failureOf(new Map(failures), messages.length));
  };
  return countedDelivery(refuse, settings, context);
};
