import type { Logger } from '@sluice/core';
import { type LaneAddress, laneKeys, type RedisSession } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';

export interface LaneAudit {
  readonly records: number;
  readonly bytes: number;
  /** By how much the gauge was wrong; it is right now. */
  readonly drift: { readonly records: number; readonly bytes: number };
  readonly orphansRemoved: number;
  /** Ids of jobs that have lost their payload or data. An alarm. */
  readonly jobsWithoutPayload: readonly string[];
}

/** Longer lanes are left alone: nothing else is served while Redis counts. */
const MAX_JOBS = 50_000;

/**
 * Recounts a lane from its jobs and mailboxes: corrects its gauge, removes orphaned payloads, and reports where a payload is missing.
 * Safe at any time, for any process; a lane's owner does it now and then. `undefined` where the lane has too many jobs to count at once.
 */
export async function auditLane(session: RedisSession, address: LaneAddress, logger: Logger): Promise<LaneAudit | undefined> {
  const { wait, active, payloads, gauge, mailboxes, jobPrefix, queueName } = laneKeys(address);
  const args = [jobPrefix, MAX_JOBS, JOB_OVERHEAD_BYTES];
  const answer = await laneScripts(session).script(session.epoch, 'auditLane', [wait, active, payloads, gauge, mailboxes], args);
  const [records, bytes, recordsBefore, bytesBefore, orphansRemoved, jobsWithoutPayload] = answer as [
    number,
    number,
    number,
    number,
    number,
    string[],
  ];
  if (records === undefined) return undefined;
  const drift = { records: recordsBefore - records, bytes: bytesBefore - bytes };
  if (drift.records !== 0 || drift.bytes !== 0) logger.warn('a gauge had drifted and was corrected', { lane: queueName, ...drift });
  if (orphansRemoved > 0) logger.warn('payloads without a job were removed', { lane: queueName, orphansRemoved });
  if (jobsWithoutPayload.length > 0) logger.error('jobs have lost their payload', { lane: queueName, jobs: jobsWithoutPayload });
  return { records, bytes, drift, orphansRemoved, jobsWithoutPayload };
}
