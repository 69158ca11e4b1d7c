import { parseInterpolation } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import { failureOf, MessageRejectedError } from '../errors.ts';

/** `reject`: refuses each message with a text. */
export const reject: BuildOutput = (settings) => {
  const reason = parseInterpolation(optionsOf<BloblangSource>(settings).source);
  return async ({ messages, settle }) => {
    const failures = messages.map((_, index): [number, Error] => [index, new MessageRejectedError(reason.evaluate(messages, index))]);
    settle(failureOf(new Map(failures), messages.length));
  };
};
