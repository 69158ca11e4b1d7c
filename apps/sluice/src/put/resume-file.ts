/** How far a file of records was put, kept in a file beside it, so that a put that was interrupted goes on where it was. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { FeedRecord } from '../feed/record-source.ts';
import { PutUsageError } from './errors.ts';

export interface ResumePoint {
  /** What was put, and where. */
  readonly input: string;
  readonly into: string;
  /** All records up to so many are stored. */
  readonly records: number;
}

/**
 * How many records were put already; 0 where the file is not there yet.
 * @throws {PutUsageError} the file is of another input or destination, or something else
 */
export async function readResumeFile(path: string, { input, into }: Pick<ResumePoint, 'input' | 'into'>): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new PutUsageError(`expected a resume file that can be read, found ${path}: ${error.message}`);
  });
  if (text === undefined) return 0;
  const point = parse(text);
  if (!point) throw new PutUsageError(`expected what --resume-file wrote earlier in ${path}, found something else`);
  if (point.input !== input || point.into !== into)
    throw new PutUsageError(
      `expected a resume file of ${input} into ${into}, found ${path}, which is of ${point.input} into ${point.into}`,
    );
  return point.records;
}

/** Replaces the file in one step: a crash leaves the one before. */
export async function writeResumeFile(path: string, point: ResumePoint): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(point)}\n`);
  await rename(`${path}.new`, path);
}

export async function* skip(records: AsyncIterable<FeedRecord>, count: number): AsyncGenerator<FeedRecord> {
  let skipped = 0;
  for await (const record of records) if (skipped++ >= count) yield record;
}

function parse(text: string): ResumePoint | undefined {
  try {
    const point = JSON.parse(text) as ResumePoint;
    return Number.isInteger(point.records) && point.records >= 0 && typeof point.input === 'string' ? point : undefined;
  } catch {
    return undefined;
  }
}
