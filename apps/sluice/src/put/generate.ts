import { setImmediate } from 'node:timers/promises';
import { type FeedRecord, partitionKeyOf } from '../feed/record-source.ts';
import { mappingOption } from '../terminal/mapping-option.ts';
import { GenerateError, PutUsageError } from './errors.ts';

/** After so many records the process sees whether it was told to stop, also where the mapping deletes all of them. */
const RECORDS_IN_A_ROW = 1_000;

/**
 * What a mapping makes out of nothing, over and over, as the `generate` input of Benthos does. A mapping that deletes its message skips one.
 * @param key the field of a record that is its partition key
 * @throws {PutUsageError} the mapping does not parse
 * @throws {GenerateError} it fails
 */
export function generate(text: string, key: string | undefined, signal: AbortSignal): () => AsyncGenerator<FeedRecord> {
  const mapping = mappingOption(text, (found) => new PutUsageError(`expected a mapping as --generate, found ${found}`));
  return async function* () {
    for (let made = 0; !signal.aborted; made++) {
      if (made % RECORDS_IN_A_ROW === 0) await setImmediate();
      const outcome = mapping.mapRaw([{ content: new Uint8Array(), metadata: {} }], 0);
      if (outcome.kind === 'failed') throw new GenerateError(outcome.error.message);
      if (outcome.kind !== 'mapped') continue;
      const data = Buffer.from(outcome.message.content);
      yield { partitionKey: partitionKeyOf(data.toString(), key), data };
    }
  };
}
