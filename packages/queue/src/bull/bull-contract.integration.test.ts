/**
 * What we rely on of BullMQ beyond its documented interface. Each of our commands is run beside BullMQ's own on a queue of its own, and
 * what they leave in Redis is compared whole: a version of BullMQ that changes keys, job fields, events or scripts fails here, with the
 * difference.
 */
import { systemClock } from '@sluice/core';
import { deadLetterKeys, deadLetterQueue, laneKeys, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { type Job, Queue, QueueKeys, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fireDelayed } from '../delayed/delayed-messages.ts';
import type { LaneReceiver } from '../receiver/lane-receiver.ts';
import { openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, connectTo, takeLane } from '../testing/fixtures.ts';
import { MAX_EVENTS } from './max-events.ts';

let redis: RedisServer;
let session: RedisSession;
let target: string;
let tests = 0;
/** BullMQ's own classes, on a queue beside the lane. */
let queue: Queue;
let worker: Worker;
const closing: Array<() => Promise<void>> = [];

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectTo(redis.url);
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  tests += 1;
  target = `contract-${tests}`;
  queue = openQueue('theirs', 'bull');
  worker = new Worker('theirs', null, { connection: connection(), prefix: 'bull', autorun: false });
  closing.push(() => worker.close());
  await queue.waitUntilReady();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await session.client.flushall();
});

describe('what a lane relies on of BullMQ', () => {
  it('the names of its keys', () => {
    const { queueName, bullPrefix, ...keys } = laneKeys({ target, lane: 0 });
    const bull = new QueueKeys(bullPrefix);
    const ofType = (type: string) => bull.toKey(queueName, type);
    expect(keys).toMatchObject({
      jobPrefix: ofType(''),
      wait: ofType('wait'),
      active: ofType('active'),
      meta: ofType('meta'),
      events: ofType('events'),
      newestId: ofType('id'),
    });
    const letters = deadLetterQueue({ target });
    const ofLetters = (type: string) => new QueueKeys(letters.bullPrefix).toKey(letters.queueName, type);
    expect(deadLetterKeys({ target })).toMatchObject({
      jobPrefix: ofLetters(''),
      failed: ofLetters('failed'),
      events: ofLetters('events'),
      newestId: ofLetters('id'),
    });
  });

  it('ids are numbers from 1 without a gap, in the order of the queue', async () => {
    for (let job = 0; job < 3; job++) await queue.add('n', {});
    expect(await session.client.lrange('bull:theirs:wait', 0, -1)).toEqual(['3', '2', '1']);
    expect(await session.client.get('bull:theirs:id')).toBe('3');
  });

  it('a queue with `concurrency` 0 gives nothing to a worker, nor does a paused one to us', async () => {
    await queue.add('n', {});
    await session.client.hset('bull:theirs:meta', 'concurrency', 0);
    expect(await worker.getNextJob('token', { block: false })).toBeUndefined();

    const lane = await laneWithJobs(1);
    const { queueName, bullPrefix } = laneKeys({ target, lane: 0 });
    await openQueue(queueName, bullPrefix).pause();
    expect(await lane.take(1)).toMatchObject({ jobs: [], blockedForMs: 1_000 });
  });
});

describe('what our commands leave is what BullMQ’s own leave', () => {
  it('adding', async () => {
    await queue.add('1 records of shard-0', {});
    await laneWithJobs(1);
    await expectAlike();
  });

  it('adding as the effect of a commit, and as a delayed message', async () => {
    for (let job = 0; job < 3; job++) await queue.add('1 records', {});
    const sender = await takeLane(session, { target: 'sender', lane: 0 });
    const record = { partitionKey: 'key', data: Buffer.from('x'), metadata: {} };
    const send = { type: 'send', target, lanes: 1, records: [record] } as const;
    const delay = { type: 'delay', target, lanes: 1, record, delayMs: 0, sender: 'me', token: undefined } as const;
    for (const operation of [send, send, delay]) await sender.settle([], { guards: [], operations: [operation] });
    const fire = () => fireDelayed(session, { clock: systemClock, epoch: session.epoch });
    await until('the delayed message', async () => (await fire()).fired === 1);
    await expectAlike();
  });

  it('taking', async () => {
    await queue.add('1 records of shard-0', {});
    const lane = await laneWithJobs(1);
    await take();
    await lane.take(1);
    await expectAlike();
  });

  it('completing one of two', async () => {
    for (let job = 0; job < 2; job++) await queue.add('1 records of shard-0', {}, { removeOnComplete: true });
    const lane = await laneWithJobs(2);
    const [first] = [await take(), await take()];
    const { jobs } = await lane.take(2);
    await first.moveToCompleted(null, 'token', false);
    await lane.settle([{ job: jobs[0]!, remaining: [], deadLetters: [] }]);
    await expectAlike();
  });

  it('giving back, highest id first', async () => {
    for (let job = 0; job < 3; job++) await queue.add('1 records of shard-0', {});
    const lane = await laneWithJobs(3);
    const taken = [await take(), await take()];
    await lane.take(2);
    for (const job of taken.toReversed()) await job.moveToWait('token');
    await lane.handBack([]);
    await expectAlike();
  });

  it('failing a job for good: a dead letter', async () => {
    const name = 'TOO_LARGE · key-1';
    await queue.add(name, {}, { jobId: 'letter' });
    const taken = await take();
    await taken.moveToFailed(new Error('too large'), 'token', false);
    const lane = await laneWithJobs(1);
    const { jobs } = await lane.take(1);
    const reason = { code: 'TOO_LARGE', disposition: 'reject' as const, message: 'too large', details: {} };
    await lane.settle([{ job: jobs[0]!, remaining: [], deadLetters: [{ index: 0, reason }] }]);

    const { queueName, bullPrefix } = deadLetterQueue({ target });
    const ours = await dump(`${bullPrefix}:${queueName}:`);
    const theirs = await dump('bull:theirs:');
    // BullMQ also keeps the stack of the error, and what led up to the failure in the log of events.
    expect(ours['JOB']).toEqual(without(theirs['JOB'], 'stacktrace'));
    expect([ours['failed'], ours['id']]).toEqual([theirs['failed'], theirs['id']]);
    expect(theirs['events']).toContainEqual((ours['events'] as unknown[])[0]);

    const letters = openQueue(queueName, bullPrefix);
    const [letter] = await letters.getFailed();
    expect(await letter!.getState()).toBe('failed');
    await letter!.retry('failed');
    expect(await letters.getJobCounts('wait', 'failed')).toEqual({ wait: 1, failed: 0 });
  });
});

function connection(): Redis {
  const client = session.client.duplicate({ maxRetriesPerRequest: null });
  closing.push(async () => client.disconnect());
  return client;
}

function openQueue(name: string, prefix: string): Queue {
  const opened = new Queue(name, { prefix, connection: connection(), skipMetasUpdate: true });
  closing.push(() => opened.close());
  return opened;
}

async function take(): Promise<Job> {
  const job = await worker.getNextJob('token', { block: false });
  if (!job) throw new Error('BullMQ took no job');
  return job;
}

async function laneWithJobs(jobs: number): Promise<LaneReceiver> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (let position = 1; position <= jobs; position++) await sender.enqueue([batchOf([position])], session.epoch);
  return takeLane(session, { target, lane: 0 });
}

/** Compares the lane with BullMQ's queue, but for what a job is about and for how much of its log of events a queue keeps. */
async function expectAlike(): Promise<void> {
  const theirs = await dump('bull:theirs:');
  const ours = await dump(laneKeys({ target, lane: 0 }).jobPrefix);
  const meta = { 'opts.maxLenEvents': String(MAX_EVENTS), concurrency: '0' };
  // A queue from which no worker takes needs no marker, which wakes workers.
  expect(ours).toEqual({ ...without(theirs, 'marker'), meta });
}

/** The keys of a queue, with times, locks, and the data and options of jobs made alike. */
async function dump(prefix: string): Promise<Record<string, unknown>> {
  const { client } = session;
  const found: Record<string, unknown> = {};
  for (const key of (await client.keys('*')).filter((each) => each.startsWith(prefix)).toSorted()) {
    const name = key.slice(prefix.length).replace(/^(letter|[0-9a-f]{24}-0)$/, 'JOB');
    found[name] = await read(client, key);
  }
  return found;
}

async function read(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'hash':
      return Object.fromEntries(Object.entries(await client.hgetall(key)).map(([field, value]) => [field, normalize(field, value)]));
    case 'list':
      return client.lrange(key, 0, -1);
    case 'zset':
      return (await client.zrange(key, '0', '-1')).map(() => 'JOB');
    case 'stream':
      return (await client.xrange(key, '-', '+')).map(([, fields]) =>
        fields.map((each) => each.replace(/^(letter|[0-9a-f]{24}-0)$/, 'JOB')),
      );
    default:
      return key.endsWith(':lock') ? 'LOCK' : client.get(key);
  }
}

function normalize(field: string, value: string): string {
  if (['timestamp', 'processedOn', 'finishedOn'].includes(field)) return /^\d{13}$/.test(value) ? 'TIME' : value;
  return ['data', 'opts'].includes(field) ? typeof JSON.parse(value) : value;
}

const without = (from: unknown, field: string): Record<string, unknown> => {
  const { [field]: _, ...rest } = from as Record<string, unknown>;
  return rest;
};
