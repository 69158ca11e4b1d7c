/** Two workers that share the dead letters of one Redis. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { readPause } from '@sluice/lease';
import { openLaneSender, parseDeadLetterLine, removeDeadLetters } from '@sluice/queue';
import { takeLane } from '@sluice/queue/testing';
import { connectRedis, deadLetterKeys, type RedisSession, writerGroupKey } from '@sluice/redis';
import type { TelemetryEvent } from '@sluice/telemetry';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, createActor, toPromise } from 'xstate';
import { createDeadLetters, type DeadLettersLogic, type DeadLettersPorts } from './dead-letters.ts';
import { createFileOutput } from './output/file-output.ts';

let redis: RedisServer;
let session: RedisSession;
let folder: string;
let path: string;
const workers: Actor<DeadLettersLogic>[] = [];

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connect();
});
beforeEach(async () => {
  await session.client.flushall();
  folder = await mkdtemp(join(tmpdir(), 'sluice-dead-letters-'));
  path = join(folder, 'dead.jsonl');
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map(stop));
  await rm(folder, { recursive: true });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe('dead letters with an output', () => {
  it('leave Redis for the output, those of every target and those that come later', async () => {
    await reject('output/a', ['1', '2']);
    await reject('output/b', ['3']);
    const { events } = start('ada');
    await until('the first letters in the file', async () => (await sent()).length === 3);
    await reject('output/a', ['4']);
    await until('the last letter in the file', async () => (await sent()).length === 4);
    await until('news of each', () => events.filter(({ type }) => type === 'deadLetters.sent').length === 3);
    expect((await left('output/a')) + (await left('output/b'))).toBe(0);
    expect((await sent()).toSorted()).toEqual(['output/a 1', 'output/a 2', 'output/a 4', 'output/b 3']);
  });

  it('are sent by one worker, and by another once that stops', async () => {
    const ada = start('ada');
    await until('a lease', () => ada.events.some(({ type }) => type === 'lease.claimed'));
    const bob = start('bob');
    const sentBy = ({ events }: { events: readonly { type: string }[] }) => events.filter(({ type }) => type === 'deadLetters.sent').length;
    await reject('output/a', ['1']);
    await until('the first letter to be sent', () => sentBy(ada) === 1);
    await stop(ada.actor);
    await reject('output/a', ['2']);
    await until('the second letter to be sent', () => sentBy(bob) === 1);
    expect(await sent()).toEqual(['output/a 1', 'output/a 2']);
    expect(sentBy(ada)).toBe(1);
  });

  it('stay in Redis while it fails, and go once it works', async () => {
    await reject('output/a', ['1']);
    let isBroken = true;
    const file = createFileOutput(path);
    const output = {
      ...file,
      put: (...args: Parameters<typeof file.put>) => (isBroken ? Promise.reject(new Error('away')) : file.put(...args)),
    };
    const { events } = start('ada', { openOutput: async () => output });
    await until('a failure', () => events.some(({ type }) => type === 'deadLetters.failing'));
    expect(await left('output/a')).toBe(1);
    isBroken = false;
    await until('the letter in the file', async () => (await sent()).length === 1);
    await until('the recovery', () => events.some(({ type }) => type === 'deadLetters.recovered'));
    expect(await left('output/a')).toBe(0);
  });

  it('are sent again rather than lost by a worker that is cut off before it can remove them', async () => {
    await reject('output/a', ['1', '2']);
    const file = createFileOutput(path);
    const own = await connect();
    const put: typeof file.put = async (letters, signal) => {
      const outcomes = await file.put(letters, signal);
      own.client.disconnect(false);
      return outcomes;
    };
    start('ada', { session: own, openOutput: async () => ({ ...file, put }) });
    await until('letters that were not removed', async () => (await sent()).length === 2);
    start('bob');
    await until('an empty Redis', async () => (await left('output/a')) === 0);
    expect(await sent()).toEqual(['output/a 1', 'output/a 2', 'output/a 1', 'output/a 2']);
    await own[Symbol.asyncDispose]();
  });
});

describe('dead letters with a limit', () => {
  it('pause their target at the limit, so that nothing is taken for it, until there are fewer', async () => {
    await reject('output/a', ['1', '2']);
    const limits = { maxAgeMs: undefined, maxBytes: 1 };
    const first = start('ada', { openOutput: undefined, limits });
    const group = writerGroupKey('sluice', 'output/a');
    const pause = await until('a pause', () => readPause(session, group));
    expect(pause).toMatchObject({ by: 'dead-letter limit', reason: expect.stringContaining('sluice.dead_letters.max_bytes') });
    expect(first.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['deadLetters.growing', 'deadLetters.targetPaused']));
    expect(await left('output/a')).toBe(2);
    await stop(first.actor);
    const { failed } = deadLetterKeys({ target: 'output/a' });
    await removeDeadLetters(session, session.epoch, { target: 'output/a', ids: await session.client.zrange(failed, '0', '-1') });
    start('bob', { openOutput: undefined, limits });
    await until('no pause', async () => (await readPause(session, group)) === undefined);
  });
});

const connect = () => connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });

function start(worker: string, ports: Partial<DeadLettersPorts> = {}) {
  const events: TelemetryEvent[] = [];
  const logic = createDeadLetters({
    ...{ session, keyPrefix: 'sluice', worker, logger: silentLogger, clock: systemClock, random: () => 0 },
    lease: { ttlMs: 5_000, renewIntervalMs: 200 },
    limits: { maxAgeMs: undefined, maxBytes: undefined },
    openOutput: async () => createFileOutput(path),
    telemetry: { emit: (event) => void events.push(event) },
    ...ports,
  });
  const actor = createActor(logic).start();
  workers.push(actor);
  return { actor, events };
}

async function stop(actor: Actor<DeadLettersLogic>): Promise<void> {
  if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
  await toPromise(actor);
}

/** Makes dead letters of records with these texts. */
async function reject(target: string, texts: readonly string[]): Promise<void> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  const records = texts.map((text) => ({ partitionKey: text, data: Buffer.from(text), metadata: {} }));
  await sender.enqueue([{ lane: 0, records }], session.epoch);
  const lane = await takeLane(session, { target, lane: 0 });
  const { jobs } = await lane.take(1);
  const reason = { code: 'TOO_LARGE', disposition: 'reject', message: 'too large', details: {} } as const;
  await lane.settle([{ job: jobs[0]!, deadLetters: texts.map((_, index) => ({ index, reason })), remaining: [] }]);
}

/** Target and text of every letter in the file. */
async function sent(): Promise<string[]> {
  const lines = await readFile(path, 'utf8').catch(() => '');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const { target, record } = parseDeadLetterLine(line, index + 1);
      return `${target} ${Buffer.from(record.data).toString()}`;
    });
}

const left = (target: string) => session.client.zcard(deadLetterKeys({ target }).failed);
