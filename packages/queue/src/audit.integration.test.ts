import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { laneKeys, type RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { PayloadMalformedError, PayloadMissingError } from './errors.ts';
import { auditLane } from './lanes/audit-lane.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, takeLane, textsOf } from './testing/fixtures.ts';
import { delivered } from './testing/settlements.ts';
import { useRedis } from './testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('audit', (it) => {
  ({ session, target } = it);
});

describe('an audit of a lane', () => {
  it('finds nothing where nothing is wrong, with jobs waiting, in hand and handed back', async () => {
    const { sender } = await laneWith([2, 1, 3]);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    await lane.handBack([{ job: jobs[0]!, remaining: [1] }]);
    await lane.take(1);

    const { records, bytes } = await sender.pressure();
    expect(await auditLane(session, address(), silentLogger)).toEqual({
      records,
      bytes,
      drift: { records: 0, bytes: 0 },
      orphansRemoved: 0,
      jobsWithoutPayload: [],
    });
    expect(records).toBe(6);
  });

  it('sets a gauge right that was tampered with', async () => {
    const { sender } = await laneWith([2, 1]);
    const { records, bytes } = await sender.pressure();
    for (const tampered of [
      { records: 1_000_003, bytes: bytes + 5 },
      { records: -7, bytes: -1 },
    ]) {
      await session.client.hset(keys().gauge, tampered);
      expect(await auditLane(session, address(), silentLogger)).toMatchObject({
        records,
        bytes,
        drift: { records: tampered.records - records, bytes: tampered.bytes - bytes },
      });
      expect(await sender.pressure()).toMatchObject({ records, bytes });
    }
    await session.client.del(keys().gauge);
    expect(await auditLane(session, address(), silentLogger)).toMatchObject({ records, drift: { records: -records, bytes: -bytes } });
  });

  it('removes payloads that no job has, and no others', async () => {
    await laneWith([2, 1]);
    await session.client.hset(keys().payloads, 'orphan', 'x');
    expect(await auditLane(session, address(), silentLogger)).toMatchObject({ orphansRemoved: 1, jobsWithoutPayload: [] });
    expect(await session.client.hlen(keys().payloads)).toBe(2);
  });

  it('raises the alarm for a job without payload or data', async () => {
    await laneWith([1, 1, 1]);
    await session.client.hdel(keys().payloads, await payloadOf(2));
    await session.client.hset(`${keys().jobPrefix}3`, 'data', 'not json');
    const errors: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (message, facts) => void errors.push([message, facts]) };
    expect(await auditLane(session, address(), logger)).toMatchObject({ jobsWithoutPayload: ['3', '2'] });
    expect(await session.client.hlen(keys().payloads), 'any payload may be that of job 3').toBe(2);
    expect(errors).toEqual([['jobs have lost their payload', { lane: keys().queueName, jobs: ['3', '2'] }]]);
  });
});

describe('a job that cannot be read', () => {
  it('is never acked: those before it are given, then it stops its lane', async () => {
    await laneWith([1, 1, 1]);
    const payload = await payloadOf(2);
    const frame = (await session.client.hgetBuffer(keys().payloads, payload))!;
    await session.client.hdel(keys().payloads, payload);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(3);
    expect(jobs.map(({ records }) => textsOf(records))).toEqual([['1']]);
    await expect(lane.take(3)).rejects.toThrow(PayloadMissingError);

    await lane.settle(delivered(jobs));
    await lane.handBack([]);
    await expect(lane.take(3)).rejects.toThrow(PayloadMissingError);
    await session.client.hset(keys().payloads, payload, frame);
    await lane.takeOver();
    expect((await lane.take(3)).jobs.map(({ records }) => textsOf(records))).toEqual([['2'], ['3']]);
  });

  it.each([
    ['a payload that is no frame', () => payloadOf(1).then((payload) => session.client.hset(keys().payloads, payload, 'garbage'))],
    ['data that is no JSON', () => session.client.hset(`${keys().jobPrefix}1`, 'data', '{')],
    ['data of something else', () => session.client.hset(`${keys().jobPrefix}1`, 'data', '{"hello":1}')],
    ['no data at all', () => session.client.hdel(`${keys().jobPrefix}1`, 'data')],
  ])('for %s', async (_, damage) => {
    await laneWith([1, 1]);
    await damage();
    const lane = await takeLane(session, address());
    await expect(lane.take(2)).rejects.toThrow(PayloadMalformedError);
    expect(await session.client.exists(`${keys().jobPrefix}1`)).toBe(1);
  });

  it('does not come of a push where somebody wrote another type of key in the place of the payloads', async () => {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    await session.client.set(keys().payloads, 'x');
    await expect(sender.enqueue([batchOf([1])], session.epoch)).rejects.toMatchObject({ code: 'REDIS_COMMAND_FAILED' });
    const lane = await takeLane(session, address());
    expect((await lane.take(1)).jobs).toEqual([]);

    await session.client.del(keys().payloads);
    await sender.enqueue([batchOf([1])], session.epoch);
    expect((await lane.take(1)).jobs).toHaveLength(1);
  });
});

const address = () => ({ target, lane: 0 });
const keys = () => laneKeys(address());
const payloadOf = async (id: number): Promise<string> =>
  (JSON.parse((await session.client.hget(`${keys().jobPrefix}${id}`, 'data'))!) as { payload: string }).payload;

/** A lane with jobs of so many records each. */
async function laneWith(sizes: readonly number[]) {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock, pressureMaxAgeMs: 0 });
  let position = 0;
  for (const size of sizes) {
    await sender.enqueue([batchOf(Array.from({ length: size }, () => (position += 1)))], session.epoch);
  }
  return { sender };
}
