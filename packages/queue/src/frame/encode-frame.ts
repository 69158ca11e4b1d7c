import { RecordRows, type SluiceRecord } from '@sluice/core';
import { BatchFrameError } from './errors.ts';
import { frameBuffers } from './frame-buffers.ts';
import { type FrameEntries, writeText } from './frame-entries.ts';
import { HEADER_BYTES, LENGTH_BYTES, MAGIC_0, MAGIC_1, MAX_DICTIONARY, VERSION } from './layout.ts';
import { RecordEntries } from './record-entries.ts';
import { RowEntries } from './row-entries.ts';

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
export const encodeFrame = (records: readonly SluiceRecord[]): Buffer => writeFrame(new RecordEntries(records), 0, records.length);

/** The batch as frames within the limits, in order. As {@link encodeFrame}, but each record is measured only once. */
export function encodeFrames(records: readonly SluiceRecord[] | RecordRows, { maxRecords, maxBytes }: FrameLimits): FramedSlice[] {
  const entries = records instanceof RecordRows ? new RowEntries(records) : new RecordEntries(records);
  const slices: FramedSlice[] = [];
  let from = 0;
  let bytes = 0;
  const cut = (to: number) => {
    slices.push({ frame: writeFrame(entries, from, to), from, to });
    from = to;
    bytes = 0;
  };
  for (let index = 0; index < records.length; index++) {
    const size = entries.sizeOf(index);
    if (index > from && (index - from >= maxRecords || bytes + size > maxBytes)) cut(index);
    bytes += size + LENGTH_BYTES;
  }
  if (from < records.length) cut(records.length);
  return slices;
}

function writeFrame(entries: FrameEntries, from: number, to: number): Buffer {
  const dictionary = dictionaryOf(entries, from, to);
  let size = HEADER_BYTES + 2;
  for (const text of dictionary.keys()) size += LENGTH_BYTES + Buffer.byteLength(text);
  for (let index = from; index < to; index++) size += LENGTH_BYTES + entries.sizeOf(index);

  const frame = frameBuffers.take(size);
  frame[0] = MAGIC_0;
  frame[1] = MAGIC_1;
  frame[2] = VERSION;
  frame[3] = 0;
  frame.writeUInt32LE(to - from, 4);
  let at = frame.writeUInt16LE(dictionary.size, HEADER_BYTES);
  for (const text of dictionary.keys()) at = writeText(frame, text, Buffer.byteLength(text), at);
  for (let index = from; index < to; index++) {
    at = frame.writeUInt32LE(entries.sizeOf(index), at);
    at = entries.write(index, frame, at, dictionary);
  }
  return frame;
}

function dictionaryOf(entries: FrameEntries, from: number, to: number): Map<string, number> {
  const dictionary = new Map<string, number>();
  entries.nameStreams(from, to, (text) => {
    if (!dictionary.has(text)) dictionary.set(text, dictionary.size);
  });
  if (dictionary.size > MAX_DICTIONARY)
    throw new BatchFrameError(`expected at most ${MAX_DICTIONARY} stream names in a batch, got ${dictionary.size}`);
  return dictionary;
}
