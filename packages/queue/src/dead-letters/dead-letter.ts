import type { ErrorReport, RecordOrigin, SluiceRecord } from '@sluice/core';
import { decodeFrame } from '../frame/decode-frame.ts';
import { encodeFrame } from '../frame/encode-frame.ts';

/** A record that can never succeed, without the record: what a list shows. */
export interface DeadLetterSummary {
  readonly id: string;
  readonly target: string;
  readonly lane: number;
  readonly reason: ErrorReport;
  readonly partitionKey: string;
  /** Of the record's data. */
  readonly bytes: number;
  readonly origin?: RecordOrigin;
  readonly rejectedAtMs: number;
}

/** A record that can never succeed, with the reason. */
export interface DeadLetter extends DeadLetterSummary {
  readonly record: SluiceRecord;
}

export interface NewDeadLetter {
  readonly id: string;
  readonly target: string;
  readonly lane: number;
  readonly reason: ErrorReport;
  readonly rejectedAtMs: number;
  readonly record: SluiceRecord;
}

const LENGTH_BYTES = 4;

/** A dead letter on its way: the length of its summary, the summary as JSON, the frame of its record. */
export function packDeadLetter({ record, ...rest }: NewDeadLetter): { id: string; content: Buffer } {
  const { partitionKey, data, origin } = record;
  const summary: DeadLetterSummary = { ...rest, partitionKey, bytes: data.byteLength, ...(origin && { origin }) };
  const json = Buffer.from(JSON.stringify(summary));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.byteLength);
  return { id: rest.id, content: Buffer.concat([length, json, encodeFrame([record])]) };
}

/** The inverse of {@link packDeadLetter}; the record stays a frame. */
export function unpackDeadLetter(content: Buffer): { summary: DeadLetterSummary; frame: Buffer } {
  const frameStart = LENGTH_BYTES + content.readUInt32LE(0);
  return {
    summary: JSON.parse(content.toString('utf8', LENGTH_BYTES, frameStart)) as DeadLetterSummary,
    frame: content.subarray(frameStart),
  };
}

/** @throws {BatchFrameError} the frame is none of a record */
export const toDeadLetter = (summary: DeadLetterSummary, frame: Uint8Array): DeadLetter => ({ ...summary, record: decodeFrame(frame)[0]! });
