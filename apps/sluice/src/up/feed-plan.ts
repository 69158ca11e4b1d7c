import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FeedRecord, flights, linesOf } from '../feed/record-source.ts';
import { UpUsageError } from './errors.ts';

export interface FeedFlags {
  readonly records?: number;
  readonly file?: string;
  readonly key?: string;
}

/** What is fed, and the configuration that goes with it. */
export interface FeedPlan {
  readonly records: () => AsyncIterable<FeedRecord>;
  /** Records to feed at most; absent where the source never ends. */
  readonly limit?: number;
  readonly configArguments: readonly string[];
}

const EXAMPLE = ['module.yaml', 'benthos.yaml', 'sluice.yaml'].flatMap((file) => [
  '--config',
  resolve(import.meta.dirname, '../../../../examples/pipeline', file),
]);
/** The example keys flights by their airport. Records of a file leave under the key that they came with, so that both streams can be compared. */
const KEEP_KEY = ['--set', 'output.aws_kinesis.partition_key=${! @kinesis_partition_key }'];

/**
 * Checks the flags before anything starts.
 * @throws {UpUsageError} they contradict each other, or the file cannot be read
 */
export async function planFeed({ records, file, key }: FeedFlags): Promise<FeedPlan> {
  const limit = records === undefined ? {} : { limit: records };
  if (file === undefined) {
    if (key !== undefined) throw new UpUsageError('--key names a field of the lines of a file: give --file too, or leave --key away');
    return { records: flights, ...limit, configArguments: EXAMPLE };
  }
  await access(file, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new UpUsageError(`--file ${file}: expected a file that can be read, found none (${cause.code})`);
  });
  return { records: () => linesOf(file, key), ...limit, configArguments: [...EXAMPLE, ...KEEP_KEY] };
}
