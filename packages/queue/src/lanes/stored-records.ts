import type { SluiceRecord } from '@sluice/core';
import { type LaneAddress, laneKeys, type RedisSession } from '@sluice/redis';
import { decodeFrame } from '../frame/decode-frame.ts';
import { parseIndexRanges } from '../index-ranges.ts';
import { type ExaminedJob, examineStoredJob } from './stored-jobs.ts';

export interface StoredRecords extends Pick<ExaminedJob, 'id' | 'state' | 'data' | 'fault'> {
  /** All of the batch, in its order; none where they cannot be read. */
  readonly records: readonly SluiceRecord[];
  /** Indexes of those that are still to be delivered. */
  readonly remaining: readonly number[];
}

/** A job with its records, for an operator to look at; `undefined` where the lane has none of that id. */
export async function readStoredRecords(session: RedisSession, address: LaneAddress, id: string): Promise<StoredRecords | undefined> {
  const job = await examineStoredJob(session, address, id);
  if (!job) return undefined;
  const { state, data, fault } = job;
  const { payloads } = laneKeys(address);
  const payload =
    data && fault === undefined ? await session.run(session.epoch, (client) => client.hgetBuffer(payloads, data.payload)) : null;
  // Its owner may have settled it meanwhile.
  const records = payload ? decodeFrame(payload) : [];
  const isWhole = data?.remaining === undefined || records.length === 0;
  const remaining = isWhole ? [...records.keys()] : parseIndexRanges(data.remaining, records.length);
  return { ...{ id, state, data, fault }, records, remaining };
}
