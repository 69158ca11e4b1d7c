import { randomBytes } from 'node:crypto';
import type { RecordRows, SluiceRecord } from '@sluice/core';
import { encodeFrames } from '../frame/encode-frame.ts';
import { type LaneJobData, type LaneSource, toSourceData } from '../job-data.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';
import { MAX_BYTES_PER_JOB, MAX_BYTES_TOGETHER, MAX_RECORDS_PER_JOB, MAX_RECORDS_TOGETHER } from './job-limits.ts';

/** A job before it is in its lane. */
export interface NewLaneJob {
  readonly name: string;
  readonly data: LaneJobData;
  readonly frame: Buffer;
}

interface RecordsOfLane {
  readonly target: string;
  readonly lane: number;
  /** The number of the target's lanes. */
  readonly lanes: number;
  readonly records: readonly SluiceRecord[] | RecordRows;
  readonly source?: LaneSource;
  readonly trace?: string | undefined;
  readonly together?: boolean | undefined;
}

const LIMITS = { maxRecords: MAX_RECORDS_PER_JOB, maxBytes: MAX_BYTES_PER_JOB };
const LIMITS_TOGETHER = { maxRecords: MAX_RECORDS_TOGETHER, maxBytes: MAX_BYTES_TOGETHER };

/** The records as jobs within the limits of a job, in order. */
export function toLaneJobs({ target, lane, lanes, records, source, trace, together }: RecordsOfLane, nowMs: number): NewLaneJob[] {
  const slices = encodeFrames(records, together ? LIMITS_TOGETHER : LIMITS);
  return slices.map(({ frame, from, to }) => ({
    frame,
    name: `${to - from} records${source ? ` of ${source.shardId}` : ''}`,
    data: {
      target,
      lane,
      records: to - from,
      bytes: frame.byteLength,
      ...(source && { source: toSourceData({ ...sliceOf(source, records, from, to), lanes }) }),
      enqueuedAt: new Date(nowMs).toISOString(),
      attempts: 0,
      ...(trace !== undefined && { trace }),
      ...(together && { together }),
      payload: randomBytes(12).toString('hex'),
    },
  }));
}

/** What jobs add to the gauge of their lane. */
export const sizeOf = (jobs: readonly NewLaneJob[]): { readonly records: number; readonly bytes: number } => ({
  records: jobs.reduce((sum, { data }) => sum + data.records, 0),
  bytes: jobs.reduce((sum, { data }) => sum + data.bytes + JOB_OVERHEAD_BYTES, 0),
});

/** The source with the positions of a part of its records. The ends of the whole stay as the caller gave them. */
function sliceOf(source: LaneSource, records: readonly SluiceRecord[] | RecordRows, from: number, to: number): LaneSource {
  const first = from === 0 ? source.first : (records.at(from)!.origin ?? source.first);
  const last = to === records.length ? source.last : (records.at(to - 1)!.origin ?? source.last);
  return { ...source, first, last };
}
