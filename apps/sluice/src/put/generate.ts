import { setImmediate } from 'node:timers/promises';
import { BloblangParseError, type Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import { type FeedRecord, partitionKeyOf } from '../feed/record-source.ts';
import { GenerateError, PutUsageError } from './errors.ts';

/** Records that a mapping may delete in a row before the process looks whether it was told to stop. */
const DELETED_IN_A_ROW = 1_000;

/**
 * What a mapping makes out of nothing, over and over, as the `generate` input of Benthos does. A mapping that deletes its message skips one.
 * @param key the field of a record that is its partition key
 * @throws {PutUsageError} the mapping does not parse
 * @throws {GenerateError} it fails
 */
export function generate(text: string, key: string | undefined, signal: AbortSignal): () => AsyncGenerator<FeedRecord> {
  const mapping = parsed(text);
  return async function* () {
    for (let made = 0; !signal.aborted; made++) {
      if (made % DELETED_IN_A_ROW === 0) await setImmediate();
      const outcome = mapping.mapRaw([{ content: new Uint8Array(), metadata: {} }], 0);
      if (outcome.kind === 'failed') throw new GenerateError(outcome.error.message);
      if (outcome.kind !== 'mapped') continue;
      const data = Buffer.from(outcome.message.content);
      yield { partitionKey: partitionKeyOf(data.toString(), key), data };
    }
  };
}

function parsed(text: string): Mapping {
  try {
    return parseMapping(text);
  } catch (error) {
    if (error instanceof BloblangParseError) throw new PutUsageError(`expected a mapping as --generate, found ${error.message}`);
    throw error;
  }
}
