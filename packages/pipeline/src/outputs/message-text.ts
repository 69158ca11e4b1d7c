import { fromMetadata, type Message } from '@sluice/bloblang';
import { parseInterpolation } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { toText, type Value } from '@sluice/values';
import { MessageRejectedError } from '../errors.ts';

/** A setting of an output, of one message of a batch. @throws {MessageRejectedError} its interpolation fails for the message */
export type MessageText = (messages: readonly Message[], index: number) => string;

/** @param name of the setting, for errors */
export function messageText(name: string, { source }: BloblangSource): MessageText {
  const interpolation = parseInterpolation(source);
  return (messages, index) => {
    try {
      return interpolation.evaluate(messages, index);
    } catch (cause) {
      throw new MessageRejectedError(`\`${name}\`: interpolation error: ${(cause as Error).message}`, { cause });
    }
  };
}

/** The metadata of a message as texts, by name and in the order of the names, without those that begin with one of `excluded`. */
export const metadataTexts = ({ metadata }: Message, excluded: readonly string[]): [name: string, text: string][] =>
  Object.keys(metadata)
    .filter((name) => !excluded.some((prefix) => name.startsWith(prefix)))
    .sort()
    .map((name) => [name, toText(fromMetadata(metadata[name] as Value) as Value)]);
