import { silentLogger, systemClock } from '@sluice/core';
import { getDeadLetter, listDeadLetters } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { expect, it } from 'vitest';
import { malformedAggregate } from '../testing/malformed-aggregate.ts';
import { type Place, STREAM, startPlace } from '../testing/place.ts';

const TARGET = { keyPrefix: 'sluice', target: 'com.example/out' };

it('makes a dead letter of a container that contradicts itself, one also where it is read twice, and goes on', async () => {
  await using place = await startPlace(1);
  await putAround(place, malformedAggregate());
  const first = await place.worker({ onError: 'dead_letter' });
  expect(await textsOf(place, 2)).toEqual(['before', 'after']);
  await first.worker.stop();
  await using session = await connectRedis({ url: place.redis.url }, { logger: silentLogger, clock: systemClock });
  const [shardId] = await session.client.hkeys(`sluice:{com.example/in/${STREAM}}:shards`);
  await session.client.hset(`sluice:{com.example/in/${STREAM}}:shards:${shardId}`, 'checkpoint', 'TRIM_HORIZON');

  const second = await place.worker({ onError: 'dead_letter' });
  await expect.poll(() => refusedOf(second.events), { timeout: 60_000 }).toEqual(['dead_letter 1']);
  const letters = await listDeadLetters(session, TARGET);
  expect(letters.map(({ reason, partitionKey }) => [reason.code, partitionKey])).toEqual([['AGGREGATE_MALFORMED', 'k']]);
  const letter = await getDeadLetter(session, { ...TARGET, id: letters[0]!.id });
  expect(Buffer.from(letter!.record.data)).toEqual(malformedAggregate());
});

it('stands still at it where it is told to, with everything before it delivered, and goes on once it is told otherwise', async () => {
  await using place = await startPlace(1);
  await putAround(place, malformedAggregate());
  const blocked = await place.worker({ onError: 'block' });
  await expect
    .poll(() => blocked.events.filter(({ type, code }) => type === 'read.failed' && code === 'SHARD_BLOCKED').length, { timeout: 60_000 })
    .toBeGreaterThan(0);
  expect(await textsOf(place, 1)).toEqual(['before']);
  await blocked.worker.stop();

  const dropping = await place.worker({ onError: 'drop' });
  expect(await textsOf(place, 2)).toEqual(['before', 'after']);
  await expect.poll(() => refusedOf(dropping.events)).toEqual(['drop 1']);
});

async function putAround({ feed: { kinesis } }: Place, data: Buffer): Promise<void> {
  for (const each of [Buffer.from('before'), data, Buffer.from('after')])
    await kinesis.putRecords({ stream: STREAM, records: [{ partitionKey: 'k', data: each }] });
}

const textsOf = async (place: Place, count: number): Promise<string[]> =>
  (await place.drain.until(count)).records.map(({ data }) => Buffer.from(data).toString());

const refusedOf = (events: ReadonlyArray<Readonly<Record<string, unknown>>>): string[] =>
  events.filter(({ type }) => type === 'records.refused').map(({ action, records }) => `${String(action)} ${String(records)}`);
