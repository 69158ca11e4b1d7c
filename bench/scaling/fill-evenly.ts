import { randomBytes } from 'node:crypto';
import { type SluiceRecord, systemClock } from '@sluice/core';
import { openLaneSender, type TargetAddress, type TargetLanes } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';

const PER_JOB = 500;
const KEYS_PER_LANE = 100;
const data = randomBytes(200);

/** Puts the same number of records of 200 B into each lane, in jobs of five hundred. */
export async function fillEvenly(session: RedisSession, target: TargetAddress & TargetLanes, records: number): Promise<void> {
  const sender = await openLaneSender({ session, ...target, clock: systemClock });
  for (let sent = 0; sent < records; sent += PER_JOB * target.lanes) {
    const batches = Array.from({ length: target.lanes }, (_, lane) => ({
      lane,
      records: Array.from({ length: PER_JOB }, (_, n) => recordOf(lane, n)),
    }));
    await sender.enqueue(batches, session.epoch);
  }
}

const recordOf = (lane: number, n: number): SluiceRecord => ({
  partitionKey: `key-${lane}-${n % KEYS_PER_LANE}`,
  data,
  metadata: { kinesis_partition_key: `key-${lane}-${n % KEYS_PER_LANE}` },
});
