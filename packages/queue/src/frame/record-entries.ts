import type { SluiceRecord } from '@sluice/core';
import { BatchFrameError } from './errors.ts';
import { type FrameEntries, metadataText, writeText } from './frame-entries.ts';
import { FLAG, LENGTH_BYTES, ORIGIN_FIXED_BYTES } from './layout.ts';

/** Records that are objects. */
export class RecordEntries implements FrameEntries {
  readonly #records: readonly SluiceRecord[];
  readonly #plans: readonly RecordPlan[];

  constructor(records: readonly SluiceRecord[]) {
    this.#records = records;
    this.#plans = records.map(planRecord);
  }

  sizeOf(index: number): number {
    return this.#plans[index]!.size;
  }

  nameStreams(from: number, to: number, enter: (text: string) => void): void {
    for (let index = from; index < to; index++) {
      const { stream, origin } = this.#records[index]!;
      if (stream !== undefined) enter(stream);
      if (!origin) continue;
      enter(origin.stream);
      enter(origin.shardId);
    }
  }

  write(index: number, frame: Buffer, start: number, dictionary: ReadonlyMap<string, number>): number {
    return writeRecord(frame, this.#records[index]!, this.#plans[index]!, dictionary, start);
  }
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
  let at = start;
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
