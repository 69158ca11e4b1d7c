/** Dead letters as objects of lines. What is sent again after a lost answer replaces the object that was written before. */
import { createHash } from 'node:crypto';
import type { AwsClientSettings } from '@sluice/credentials';
import { ObjectStoreError, type ObjectStoreOptions, openObjectStore } from '@sluice/object-store';
import { DeadLetterOutputError } from '../errors.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';

export interface S3OutputOptions extends ObjectStoreOptions {
  /** Before the name of each object. */
  readonly prefix: string;
}

export async function openS3Output({ prefix, ...options }: S3OutputOptions, settings: AwsClientSettings): Promise<DeadLetterOutput> {
  const store = await openObjectStore(options, settings);
  const name = `s3://${options.bucket}/${prefix}`;
  return {
    name,
    async put(letters, signal) {
      const lines = Buffer.from(letters.map(({ line }) => `${line}\n`).join(''));
      try {
        await store.put(`${prefix}${objectName(letters)}`, lines, { contentType: 'application/x-ndjson' }, signal);
      } catch (error) {
        throw error instanceof ObjectStoreError ? new DeadLetterOutputError(name, error.cause) : error;
      }
      return letters.map(() => undefined);
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

/** `2026/11/30/output-orders-20261130T120000.000Z-0f3c….jsonl`: the day and time of the first letter; the same letters have the same name. */
function objectName(letters: readonly OutgoingLetter[]): string {
  const { target, rejectedAtMs } = letters[0]!.letter;
  const time = new Date(rejectedAtMs).toISOString();
  const hash = createHash('sha256');
  for (const { letter } of letters) hash.update(`${letter.target}\n${letter.id}\n`);
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `${day}/${target.replace(/[^\w.-]+/g, '-')}-${time.replaceAll(/[-:]/g, '')}-${hash.digest('hex').slice(0, 16)}.jsonl`;
}
