import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface FeedRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** 20,000 flights within the United States in 2001, over and over, keyed by the airport they left from and numbered, so that no two are equal. */
export async function* flights(): AsyncGenerator<FeedRecord> {
  const file = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data/flights-20k.json');
  const rows = JSON.parse(await readFile(file, 'utf8')) as Array<{ origin: string }>;
  for (let number = 1; ; ) {
    for (const row of rows) yield { partitionKey: row.origin, data: Buffer.from(JSON.stringify({ number: number++, ...row })) };
  }
}

/** The lines of a file, once; see {@link linesIn}. @param onRead called with the bytes that were read so far */
export async function* linesOf(file: string, key?: string, onRead: (bytes: number) => void = () => undefined): AsyncGenerator<FeedRecord> {
  const input = createReadStream(file);
  for await (const record of linesIn(input, key)) {
    onRead(input.bytesRead);
    yield record;
  }
}

/**
 * The lines of a stream but for empty ones. The partition key of a JSON line is the text, number or boolean in its field `key`; without
 * one, and for any other line, it is the line itself, shortened to the service's 256 characters.
 */
export async function* linesIn(input: NodeJS.ReadableStream, key?: string): AsyncGenerator<FeedRecord> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield { partitionKey: partitionKeyOf(line, key), data: Buffer.from(line) };
  }
}

export function partitionKeyOf(line: string, key: string | undefined): string {
  const value = key === undefined ? undefined : fieldOf(line, key);
  return Array.from(value ?? line)
    .slice(0, 256)
    .join('');
}

function fieldOf(line: string, key: string): string | undefined {
  try {
    const value = (JSON.parse(line) as Record<string, unknown>)[key];
    return value === undefined || value === null || value === '' || typeof value === 'object' ? undefined : String(value);
  } catch {
    return undefined;
  }
}
