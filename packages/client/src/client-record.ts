import type { SluiceRecord } from '@sluice/core';
import { RecordInvalidError } from './errors.ts';

/** A record as a program has it. */
export interface ClientRecord {
  /**
   * What keeps records in order: those with the same key leave in the order in which they were sent. Becomes the record's partition key where
   * the egress does not compute another. Without one, order is kept among all records without a key of this client.
   */
  readonly key?: string;
  /** Text is sent as UTF-8. */
  readonly data: string | Uint8Array;
  /** What mappings find by `meta("…")`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A decimal 128-bit number that overrides the hash of the key. */
  readonly explicitHashKey?: string;
  /** The stream to write to, where the egress takes it from the record. */
  readonly stream?: string;
}

const MAX_KEY_CHARACTERS = 256;
/** What Kinesis takes at most where a stream is set up for it. */
const MAX_DATA_BYTES = 10 * 1024 * 1024;

/**
 * Checks what no egress could deliver.
 * @param index of the record in its call, for the message
 * @throws {RecordInvalidError}
 */
export function toSluiceRecord({ key = '', data, metadata = {}, explicitHashKey, stream }: ClientRecord, index: number): SluiceRecord {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  if (!(bytes instanceof Uint8Array)) throw new RecordInvalidError(index, `expected text or bytes as data, found ${typeof data}`);
  if (typeof key !== 'string' || [...key].length > MAX_KEY_CHARACTERS)
    throw new RecordInvalidError(index, `expected a key of up to ${MAX_KEY_CHARACTERS} characters, found ${describe(key)}`);
  if (bytes.byteLength > MAX_DATA_BYTES)
    throw new RecordInvalidError(index, `expected up to ${MAX_DATA_BYTES} bytes of data, found ${bytes.byteLength}`);
  if (explicitHashKey !== undefined && !isHashKey(explicitHashKey))
    throw new RecordInvalidError(index, 'expected a decimal number below 2^128 as explicit hash key, found something else');
  if (Object.values(metadata).some((value) => typeof value !== 'string')) throw new RecordInvalidError(index, 'expected text as metadata');
  return {
    ...{ partitionKey: key, data: bytes, metadata },
    ...(explicitHashKey === undefined ? {} : { explicitHashKey }),
    ...(stream === undefined ? {} : { stream }),
  };
}

const describe = (key: unknown): string => (typeof key === 'string' ? `${[...key].length}` : typeof key);

const isHashKey = (text: string): boolean => /^(0|[1-9]\d{0,38})$/.test(text) && BigInt(text) < 1n << 128n;
