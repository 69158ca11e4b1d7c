import { parseMapping } from '@sluice/bloblang-library';
import { type FeedRecord, partitionKeyOf } from '../feed/record-source.ts';
import { GenerateError } from './errors.ts';

/**
 * What a mapping makes out of nothing, over and over, as the `generate` input of Benthos does. A mapping that deletes its message skips one.
 * @param key the field of a record that is its partition key
 * @throws {BloblangParseError} the mapping does not parse
 * @throws {GenerateError} it fails
 */
export function generate(text: string, key?: string): () => AsyncGenerator<FeedRecord> {
  const mapping = parseMapping(text);
  return async function* () {
    for (;;) {
      const outcome = mapping.mapRaw([{ content: new Uint8Array(), metadata: {} }], 0);
      if (outcome.kind === 'failed') throw new GenerateError(outcome.error.message);
      if (outcome.kind !== 'mapped') continue;
      const data = Buffer.from(outcome.message.content);
      yield { partitionKey: partitionKeyOf(data.toString(), key), data };
    }
  };
}
