import type { SluiceRecord } from '@sluice/core';
import { messageMetadata } from '@sluice/kinesis';
import { mappingOption } from '../terminal/mapping-option.ts';
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
  const mapping = mappingOption(text, (found) => new TailUsageError(`expected a query as --filter, found ${found}`));
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
