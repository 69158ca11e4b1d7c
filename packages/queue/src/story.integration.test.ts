import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRetryable, silentLogger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import { startRedisProxy } from '@sluice/redis/testing';
import { type RedisServer, randomFor, startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { renewAppendOnlyFile } from './bull/renew-append-only-file.ts';
import { auditLane } from './lanes/audit-lane.ts';
import { connectTo } from './testing/fixtures.ts';
import { LaneStory, type StoryWorld } from './testing/lane-story.ts';

const random = randomFor('stories of lanes');
const seeded = `(SLUICE_TEST_SEED=${random.seed})`;

describe('a lane at random', () => {
  it(`loses nothing, keeps its order and redelivers nothing that was resolved ${seeded}`, async () => {
    await using redis = await startRedisServer();
    await using session = await connectTo(redis.url);
    const world: StoryWorld = { session, random, ready: async () => undefined };
    for (let story = 0; story < 12; story++) await tell(world, `plain-${story}`, 120);
  });

  it(`does so while replies and requests are lost ${seeded}`, async () => {
    await using redis = await startRedisServer();
    await using proxy = await startRedisProxy(redis.url);
    await using session = await connectTo(proxy.url);
    const loseNext = () => void (random.chance(0.5) ? proxy.dropNextReply('{lossy-') : proxy.dropNextRequest('{lossy-'));
    const world: StoryWorld = { session, random, loseNext, ready: () => readyAgain(session) };
    for (let story = 0; story < 6; story++) await tell(world, `lossy-${story}`, 120);
  });

  it(`loses nothing when Redis comes back from its append-only file, also without the file's end ${seeded}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-story-'));
    let redis: RedisServer = await startRedisServer({ directory });
    const { port } = redis;
    try {
      await using session = await connectTo(redis.url);
      const world: StoryWorld = { session, random, ready: () => readyAgain(session) };
      let snapshotBytes = 0;
      for (let round = 0; round < 6; round++) {
        const story = await LaneStory.begin(world, `restarted-${round}`);
        for (let kill = 0; kill < 2; kill++) {
          for (let step = 0; step < 60; step++) await story.step();
          await redis.stop('SIGKILL');
          if (random.chance(0.8)) await cutTail(directory, snapshotBytes);
          story.dropAll();
          story.forgive();
          redis = await startRedisServer({ directory, port });
          await answersAgain(session);
          await fileRenewed(session);
          snapshotBytes = (await stat(await newestFile(directory))).size;
        }
        for (let step = 0; step < 30; step++) await story.step();
        await story.end();
        await expectEmpty(session, story.target);
      }
    } finally {
      await redis[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

async function tell(world: StoryWorld, target: string, steps: number): Promise<void> {
  const story = await LaneStory.begin(world, target);
  for (let step = 0; step < steps; step++) await story.step();
  await story.end();
  await expectEmpty(world.session, target);
}

/** Nothing has drifted and nothing is left over. */
async function expectEmpty(session: RedisSession, target: string): Promise<void> {
  expect(await auditLane(session, { target, lane: 0 }, silentLogger)).toEqual({
    records: 0,
    bytes: 0,
    drift: { records: 0, bytes: 0 },
    orphansRemoved: 0,
    jobsWithoutPayload: [],
  });
}

async function readyAgain(session: RedisSession): Promise<void> {
  if (session.isReady) return;
  await new Promise<void>((resolve) => {
    const stop = session.onReady(() => {
      stop();
      resolve();
    });
  });
}

/** A connection may outlive its Redis for seconds: a process that 6.2 forked to write its file has it open too. */
async function answersAgain(session: RedisSession): Promise<void> {
  while (true) {
    await readyAgain(session);
    try {
      return void (await session.run(session.epoch, (client) => client.ping()));
    } catch (error) {
      if (!isRetryable(error)) throw error;
    }
  }
}

/** Resolves once the append-only file was written anew after the start of Redis; what a second crash before that costs is in the docs. */
async function fileRenewed(session: RedisSession): Promise<void> {
  await renewAppendOnlyFile(session, session.epoch);
  while (/aof_rewrite_in_progress:1|aof_last_rewrite_time_sec:-1/.test(await session.client.info('persistence'))) await delay(10);
}

/** Cuts a random part off the end of the append-only file, as a crash of the machine does to what was not flushed. */
async function cutTail(directory: string, snapshotBytes: number): Promise<void> {
  const last = await newestFile(directory);
  const { size } = await stat(last);
  await truncate(last, size - random.below(Math.min(size - snapshotBytes, 20_000) + 1));
}

/** Of the append-only file. Redis 6.2 has a single one, which begins with a snapshot; later versions keep that apart. */
async function newestFile(directory: string): Promise<string> {
  const files = (await readdir(directory, { recursive: true })).filter((name) => /appendonly\.aof$|\.incr\.aof$/.test(name));
  return join(directory, files.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)!);
}
