import type { ErrorReport, RecordOrigin, SluiceRecord } from '@sluice/core';
import { decodeFrame } from '../frame/decode-frame.ts';
import { encodeFrame } from '../frame/encode-frame.ts';
import type { DeadLetterJob } from './dead-letter-job.ts';

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

/** A dead letter as the failed job that it becomes. */
export function toDeadLetterJob({ record, ...rest }: NewDeadLetter): DeadLetterJob {
  const { partitionKey, data, origin } = record;
  const summary: DeadLetterSummary = { ...rest, partitionKey, bytes: data.byteLength, ...(origin && { origin }) };
  return {
    id: rest.id,
    name: `${rest.reason.code} · ${partitionKey}`,
    data: summary,
    timestampMs: rest.rejectedAtMs,
    failedReason: rest.reason.message,
    frame: encodeFrame([record]),
  };
}

/** @throws {BatchFrameError} the frame is none of a record */
export const toDeadLetter = (summary: DeadLetterSummary, frame: Uint8Array): DeadLetter => ({ ...summary, record: decodeFrame(frame)[0]! });
