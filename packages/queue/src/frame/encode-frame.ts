import type { Metadata, SluiceRecord } from '@sluice/core';
import { encodeJson, parseJson, type Value } from '@sluice/values';
import { BatchFrameError } from './errors.ts';
import { FLAG, HEADER_BYTES, LENGTH_BYTES, MAGIC_0, MAGIC_1, MAX_DICTIONARY, ORIGIN_FIXED_BYTES, VERSION } from './layout.ts';

/** What one frame may hold. A record larger than `maxBytes` has a frame of its own. */
export interface FrameLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** A frame and the records in it: those from index `from` up to, not including, `to`. */
export interface FramedSlice {
  readonly frame: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * The batch as one frame; see `layout.ts`.
 * @throws {BatchFrameError} metadata is not JSON, or a sub-sequence number or size does not fit
 */
export const encodeFrame = (records: readonly SluiceRecord[]): Buffer =>
  writeFrame(
    records,
    records.map((record) => planRecord(record)),
  );

/** The batch as frames within the limits, in order. As {@link encodeFrame}, but each record is measured only once. */
export function encodeFrames(records: readonly SluiceRecord[], { maxRecords, maxBytes }: FrameLimits): FramedSlice[] {
  const plans = records.map((record) => planRecord(record));
  const slices: FramedSlice[] = [];
  let from = 0;
  let bytes = 0;
  const cut = (to: number) => {
    slices.push({ frame: writeFrame(records.slice(from, to), plans.slice(from, to)), from, to });
    from = to;
    bytes = 0;
  };
  for (const [index, { size }] of plans.entries()) {
    if (index > from && (index - from >= maxRecords || bytes + size > maxBytes)) cut(index);
    bytes += size + LENGTH_BYTES;
  }
  if (from < records.length) cut(records.length);
  return slices;
}

function writeFrame(records: readonly SluiceRecord[], plans: readonly RecordPlan[]): Buffer {
  const dictionary = dictionaryOf(records);
  let size = HEADER_BYTES + 2;
  for (const text of dictionary.keys()) size += LENGTH_BYTES + Buffer.byteLength(text);
  for (const plan of plans) size += LENGTH_BYTES + plan.size;

  const frame = Buffer.allocUnsafeSlow(size);
  frame[0] = MAGIC_0;
  frame[1] = MAGIC_1;
  frame[2] = VERSION;
  frame[3] = 0;
  frame.writeUInt32LE(records.length, 4);
  let at = frame.writeUInt16LE(dictionary.size, HEADER_BYTES);
  for (const text of dictionary.keys()) at = writeText(frame, text, Buffer.byteLength(text), at);
  for (const [index, record] of records.entries()) at = writeRecord(frame, record, plans[index]!, dictionary, at);
  return frame;
}

interface RecordPlan {
  readonly size: number;
  readonly flags: number;
  readonly keyBytes: number;
  readonly hashKeyBytes: number;
  readonly metadata: string;
  readonly metadataBytes: number;
}

function planRecord(record: SluiceRecord): RecordPlan {
  const { explicitHashKey, stream, origin } = record;
  const metadata = metadataText(record.metadata);
  const keyBytes = Buffer.byteLength(record.partitionKey);
  const hashKeyBytes = explicitHashKey === undefined ? 0 : Buffer.byteLength(explicitHashKey);
  const metadataBytes = metadata === '' ? 0 : Buffer.byteLength(metadata);
  let flags = 0;
  let size = 1 + LENGTH_BYTES + keyBytes + record.data.byteLength;
  if (explicitHashKey !== undefined) {
    flags |= FLAG.hashKey;
    size += LENGTH_BYTES + hashKeyBytes;
  }
  if (stream !== undefined) {
    flags |= FLAG.stream;
    size += 2;
  }
  if (origin) {
    flags |= FLAG.origin;
    size += ORIGIN_FIXED_BYTES + LENGTH_BYTES + Buffer.byteLength(origin.sequenceNumber);
  }
  if (metadata !== '') {
    flags |= FLAG.metadata;
    size += LENGTH_BYTES + metadataBytes;
  }
  return { size, flags, keyBytes, hashKeyBytes, metadata, metadataBytes };
}

function writeRecord(
  frame: Buffer,
  record: SluiceRecord,
  plan: RecordPlan,
  dictionary: ReadonlyMap<string, number>,
  start: number,
): number {
  let at = frame.writeUInt32LE(plan.size, start);
  frame[at++] = plan.flags;
  at = writeText(frame, record.partitionKey, plan.keyBytes, at);
  if (record.explicitHashKey !== undefined) at = writeText(frame, record.explicitHashKey, plan.hashKeyBytes, at);
  if (record.stream !== undefined) at = frame.writeUInt16LE(dictionary.get(record.stream)!, at);
  if (record.origin) {
    const { stream, shardId, sequenceNumber, subSequenceNumber, arrivalTimeMs } = record.origin;
    if (!Number.isInteger(subSequenceNumber) || subSequenceNumber < 0 || subSequenceNumber > 0xffff_ffff) {
      throw new BatchFrameError(`expected a sub-sequence number of 32 bits, got ${subSequenceNumber}`, { details: { shardId } });
    }
    at = frame.writeUInt16LE(dictionary.get(stream)!, at);
    at = frame.writeUInt16LE(dictionary.get(shardId)!, at);
    at = writeText(frame, sequenceNumber, Buffer.byteLength(sequenceNumber), at);
    at = frame.writeUInt32LE(subSequenceNumber, at);
    at = frame.writeDoubleLE(arrivalTimeMs, at);
  }
  if (plan.metadata !== '') at = writeText(frame, plan.metadata, plan.metadataBytes, at);
  frame.set(record.data, at);
  return at + record.data.byteLength;
}

/** ASCII, the common case, is as long in bytes as in characters and is written without looking at each one. */
function writeText(frame: Buffer, text: string, bytes: number, at: number): number {
  const start = frame.writeUInt32LE(bytes, at);
  frame.write(text, start, bytes, bytes === text.length ? 'latin1' : 'utf8');
  return start + bytes;
}

function dictionaryOf(records: readonly SluiceRecord[]): Map<string, number> {
  const dictionary = new Map<string, number>();
  const enter = (text: string | undefined) => {
    if (text !== undefined && !dictionary.has(text)) dictionary.set(text, dictionary.size);
  };
  for (const { stream, origin } of records) {
    enter(stream);
    enter(origin?.stream);
    enter(origin?.shardId);
  }
  if (dictionary.size > MAX_DICTIONARY)
    throw new BatchFrameError(`expected at most ${MAX_DICTIONARY} stream names in a batch, got ${dictionary.size}`);
  return dictionary;
}

/** '' for no metadata at all. Numbers of any size keep their digits, as in the text that an egress writes. */
function metadataText(metadata: Metadata): string {
  const values = Object.values(metadata);
  if (values.length === 0) return '';
  if (values.every((value) => typeof value === 'string')) return JSON.stringify(metadata);
  try {
    const text = encodeJson(metadata as Value);
    // Refuses what is no JSON value, such as NaN, before it is stored.
    parseJson(text);
    return text;
  } catch (cause) {
    throw new BatchFrameError('expected metadata that can be written as JSON', { cause });
  }
}
