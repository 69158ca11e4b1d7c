import { type ErrorReport, systemClock } from '@sluice/core';
import { deadLetterKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, recordAt, takeLane } from '../testing/fixtures.ts';
import { rejected } from '../testing/settlements.ts';
import { useRedis } from '../testing/use-redis.ts';
import { countDeadLetters } from './dead-letters.ts';
import { measureDeadLetters } from './dead-letters-measure.ts';
import { readOldestDeadLetters, removeDeadLetters } from './oldest-dead-letters.ts';

let session: RedisSession;
let target: string;
useRedis('egress/oldest-letters', (it) => {
  ({ session, target } = it);
});

describe('the oldest dead letters', () => {
  it('are read in pages, with their records, within a number of bytes', async () => {
    await reject(3);
    const page = (skip: readonly string[], count: number, maxBytes = 1_000) =>
      readOldestDeadLetters(session, session.epoch, { target, skip: new Set(skip), count, maxBytes });
    const all = await page([], 10);
    const ids = all.map(({ id }) => id);
    expect(all.map((letter) => 'record' in letter && letter.record).toSorted(byKey)).toEqual([recordAt(1), recordAt(2), recordAt(3)]);
    expect(await page([], 2)).toEqual(all.slice(0, 2));
    expect(await page([ids[0]!, ids[1]!], 2)).toEqual(all.slice(2));
    expect(await page([ids[1]!], 1)).toEqual(all.slice(0, 1));
    expect(await page(ids, 2)).toEqual([]);
    // Each has a byte of data.
    expect(await page([], 10, 2)).toHaveLength(2);
    expect(await page([], 10, 0)).toHaveLength(1);
  });

  it('are found behind any number of those that are passed over', async () => {
    const { failed, jobPrefix } = deadLetterKeys({ target });
    const skip = Array.from({ length: 1_000 }, (_, index) => `skipped-${String(index).padStart(4, '0')}`);
    await session.client.zadd(failed, ...skip.flatMap((id) => [1, id]), 2, 'last');
    await session.client.hset(`${jobPrefix}last`, 'data', '{}');
    const letters = await readOldestDeadLetters(session, session.epoch, { target, skip: new Set(skip), count: 5, maxBytes: 99 });
    expect(letters.map(({ id }) => id)).toEqual(['last']);
  });

  it('say which of them cannot be read', async () => {
    await reject(3);
    const { payloads, jobPrefix } = deadLetterKeys({ target });
    const [first, second] = await readOldestDeadLetters(session, session.epoch, { target, skip: NONE, count: 3, maxBytes: 1_000 });
    await session.client.hdel(payloads, first!.id);
    await session.client.del(jobPrefix + second!.id);
    const letters = await readOldestDeadLetters(session, session.epoch, { target, skip: NONE, count: 3, maxBytes: 1_000 });
    expect(letters.map((letter) => ('error' in letter ? (letter.error as Error).message : 'sound'))).toEqual([
      expect.stringContaining('found no record'),
      expect.stringContaining('found no job'),
      'sound',
    ]);
  });

  it('leave nothing behind when they are removed, and may be gone already', async () => {
    await reject(2);
    const ids = (await readOldestDeadLetters(session, session.epoch, { target, skip: NONE, count: 9, maxBytes: 99 })).map(({ id }) => id);
    await removeDeadLetters(session, session.epoch, { target, ids: [] });
    await removeDeadLetters(session, session.epoch, { target, ids });
    await removeDeadLetters(session, session.epoch, { target, ids });
    expect(await countDeadLetters(session, { target })).toBe(0);
    const { payloads, jobPrefix } = deadLetterKeys({ target });
    expect(await session.client.exists(payloads, ...ids.map((id) => jobPrefix + id))).toBe(0);
  });

  it('are measured: how many, how large about, how old', async () => {
    expect(await measureDeadLetters(session, [{ target }])).toEqual([{ count: 0, bytes: 0, oldestAgeMs: 0 }]);
    await reject(3);
    const { failed } = deadLetterKeys({ target });
    const [oldest] = await session.client.zrange(failed, '0', '0');
    await session.client.zincrby(failed, -60_000, oldest!);
    const [none, some] = await measureDeadLetters(session, [{ target: `${target}-none` }, { target }]);
    expect(none).toEqual({ count: 0, bytes: 0, oldestAgeMs: 0 });
    expect(some!.count).toBe(3);
    expect(some!.bytes).toBeGreaterThan(100);
    expect(some!.oldestAgeMs).toBeGreaterThanOrEqual(59_000);
  });
});

const NONE: ReadonlySet<string> = new Set();
const REASON: ErrorReport = { code: 'TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB, got 2', details: {} };

const byKey = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Makes dead letters of so many records. */
async function reject(records: number): Promise<void> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  await sender.enqueue([batchOf(Array.from({ length: records }, (_, index) => index + 1))], session.epoch);
  const lane = await takeLane(session, { target, lane: 0 });
  const { jobs } = await lane.take(1);
  await lane.settle([
    rejected(
      jobs[0]!,
      Array.from({ length: records }, (_, index) => ({ index, reason: REASON })),
    ),
  ]);
}
