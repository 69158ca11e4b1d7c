import { type SluiceRecord, systemClock } from '@sluice/core';
import { openLaneSender, readLaneCounts } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { until } from '../pipeline/observe.ts';
import { idOf, invocation } from './bodies.ts';

const KEY_PREFIX = 'sluice';
export const LANES = 8;

/** Puts messages into the lanes of `target`, one address after the other, again and again. */
export async function fillLanes(session: RedisSession, target: string, addresses: number, messages: number): Promise<void> {
  const sender = await openLaneSender({ session, keyPrefix: KEY_PREFIX, target, lanes: LANES, clock: systemClock });
  const lanes = Array.from({ length: LANES }, (): SluiceRecord[] => []);
  for (let index = 0; index < messages; index++) {
    const partitionKey = idOf(index % addresses);
    lanes[sender.laneOf(partitionKey)]!.push({ partitionKey, data: invocation(), metadata: {} });
  }
  await sender.enqueue(
    lanes.map((records, lane) => ({ lane, records })),
    session.epoch,
  );
}

export const emptyLanes = (session: RedisSession, target: string): Promise<void> =>
  until(
    'the lanes are empty',
    async () => (await readLaneCounts(session, { keyPrefix: KEY_PREFIX, target })).every(({ records }) => records === 0),
    300_000,
  );
