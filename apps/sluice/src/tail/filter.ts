import { BloblangParseError, type Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { SluiceRecord } from '@sluice/core';
import { messageMetadata } from '@sluice/kinesis';
import { TailUsageError } from './errors.ts';

export interface RecordFilter {
  /** Records on which the mapping failed, and why the first of them: they do not pass. */
  readonly failures: { count: number; first?: string };
  passes(record: SluiceRecord): boolean;
}

/**
 * A Bloblang query that says `true` of the records to show. `this` is the data, `@` the metadata of Benthos' `aws_kinesis` input.
 * @throws {TailUsageError} it does not parse
 */
export function createFilter(text: string): RecordFilter {
  const mapping = parsed(text);
  const failures: RecordFilter['failures'] = { count: 0 };
  return {
    failures,
    passes(record) {
      try {
        return mapping.check([{ content: record.data, metadata: messageMetadata(record) }], 0);
      } catch (error) {
        failures.count += 1;
        failures.first ??= (error as Error).message;
        return false;
      }
    },
  };
}

function parsed(text: string): Mapping {
  try {
    return parseMapping(text);
  } catch (error) {
    if (error instanceof BloblangParseError) throw new TailUsageError(`expected a query as --filter, found ${error.message}`);
    throw error;
  }
}
