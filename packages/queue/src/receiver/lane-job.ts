import type { SluiceRecord } from '@sluice/core';
import type { TakenJob } from '../bull/lane-commands.ts';
import { openFrame } from '../frame/decode-frame.ts';
import { parseIndexRanges } from '../index-ranges.ts';
import { fromSourceData, type LaneJobData, type LaneSource } from '../job-data.ts';
import { isReplay, type LaneProgress, mayHoldReplays, noteOf } from './replay-filter.ts';

/** A batch in its owner's hand. */
export interface LaneJob {
  readonly id: string;
  readonly source?: LaneSource;
  /** How often the lane was handed back because of this job or a neighbour. */
  readonly attempts: number;
  readonly lastReason?: string;
  readonly enqueuedAtMs: number;
  /** The `traceparent` of what put it into the lane. */
  readonly trace?: string;
  /** Present where the records are what the lane has of an input batch, which is processed as a whole. */
  readonly together?: boolean;
  /** Of the whole payload. */
  readonly bytes: number;
  /** What is still to be delivered: without replays, and without what was settled before the job was handed back. */
  readonly records: readonly SluiceRecord[];
  /** The index of each of `records` in the batch. */
  readonly indexes: readonly number[];
}

/** A job in hand, and what its owner needs to let go of it. */
export interface HeldJob {
  readonly job: LaneJob;
  /** As stored. */
  data: LaneJobData;
  /** `shard \n progress` after this job; '' without a source. */
  readonly note: string;
  /** Where its records lie. */
  readonly payload: Uint8Array;
  /** Records that the replay filter took out. */
  readonly replayed: number;
}

/**
 * The job as its owner sees it. Must be called once for each job, in id order.
 * @throws {TypeError | SyntaxError | BatchFrameError} data or payload are not what a sender writes
 */
export function openJob(id: string, data: LaneJobData, payload: Uint8Array, progress: LaneProgress): HeldJob {
  const batch = openFrame(payload);
  if (batch.length !== data.records) throw new TypeError(`expected ${data.records} records in the payload, got ${batch.length}`);
  const source = data.source && fromSourceData(data.source);
  const unresolved = data.remaining === undefined ? [...batch.keys()] : parseIndexRanges(data.remaining, batch.length);
  const judgement = source && progress.judge(Number(id), source);
  const isSuspect = source !== undefined && judgement !== undefined && mayHoldReplays(judgement, source);
  const indexes = isSuspect ? unresolved.filter((index) => !isReplay(judgement, batch[index]!)) : unresolved;
  const job: LaneJob = {
    id,
    ...(source && { source }),
    attempts: data.attempts,
    ...(data.lastReason !== undefined && { lastReason: data.lastReason }),
    enqueuedAtMs: Date.parse(data.enqueuedAt),
    ...(data.trace !== undefined && { trace: data.trace }),
    ...(data.together && { together: true }),
    bytes: data.bytes,
    records: indexes.length === batch.length ? batch : indexes.map((index) => batch[index]!),
    indexes,
  };
  const note = source && judgement ? noteOf(source, judgement.progress) : '';
  return { job, data, note, payload, replayed: unresolved.length - indexes.length };
}

/** @throws {SyntaxError | TypeError} the text is no job data */
export function parseJobData({ data }: TakenJob): LaneJobData {
  const parsed = JSON.parse(data) as LaneJobData;
  if (typeof parsed?.payload !== 'string' || typeof parsed.records !== 'number') throw new TypeError('expected the data of a lane job');
  return parsed;
}
