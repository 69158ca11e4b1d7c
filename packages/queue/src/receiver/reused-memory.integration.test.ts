import { systemClock } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { openLaneSender } from '../sender/lane-sender.ts';
import { takeLane } from '../testing/fixtures.ts';
import { delivered, remaining } from '../testing/settlements.ts';
import { useRedis } from '../testing/use-redis.ts';
import type { LaneJob } from './lane-job.ts';
import type { LaneReceiver } from './lane-receiver.ts';

let session: RedisSession;
let target: string;
useRedis('reused-memory', (it) => {
  ({ session, target } = it);
});

const RECORD_BYTES = 300_000;

describe('the memory of a payload', () => {
  it('is used for another once the job is completed', async () => {
    const lane = await laneOf(['ab', 'cd']);
    const first = await takeOne(lane);
    const memory = memoryOf(first);
    await lane.settle(delivered([first]));
    const second = await takeOne(lane);
    expect(memoryOf(second)).toBe(memory);
    expect(lettersOf(second)).toBe('cd');
  });

  it('is left alone while a record remains, and after the job was handed back', async () => {
    const lane = await laneOf(['ab', 'cd']);
    const first = await takeOne(lane);
    await lane.settle(remaining([{ job: first, remaining: [1] }]));
    const second = await takeOne(lane);
    await lane.handBack([
      { job: first, remaining: [1] },
      { job: second, remaining: [0] },
    ]);
    const { jobs } = await lane.take(2);
    expect([first, second, ...jobs].map(lettersOf)).toEqual(['ab', 'cd', 'b', 'c']);
    expect(new Set([first, second, ...jobs].map(memoryOf)).size).toBe(4);
  });

  it('is left alone where nobody asked for more', async () => {
    const lane = await laneOf(['ab', 'cd'], { reusesMemory: false });
    const first = await takeOne(lane);
    await lane.settle(delivered([first]));
    const second = await takeOne(lane);
    expect(memoryOf(second)).not.toBe(memoryOf(first));
    expect(lettersOf(first)).toBe('ab');
  });
});

/** A lane with a job for each text, which has a large record for each of its letters. */
async function laneOf(texts: readonly string[], { reusesMemory = true } = {}): Promise<LaneReceiver> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  const toRecord = (letter: string) => ({ partitionKey: letter, data: Buffer.alloc(RECORD_BYTES, letter), metadata: {} });
  for (const text of texts) await sender.enqueue([{ lane: 0, records: [...text].map(toRecord) }], session.epoch);
  return await takeLane(session, { target, lane: 0, reusesMemory });
}

async function takeOne(lane: LaneReceiver): Promise<LaneJob> {
  const [job] = (await lane.take(1)).jobs;
  return job!;
}

const memoryOf = ({ records }: LaneJob): ArrayBufferLike => records[0]!.data.buffer;

/** The letters of its records, each of which must be whole. */
const lettersOf = ({ records }: LaneJob): string =>
  records
    .map(({ partitionKey, data }) => (Buffer.alloc(RECORD_BYTES, partitionKey).equals(data) ? partitionKey : `not ${partitionKey}`))
    .join('');
