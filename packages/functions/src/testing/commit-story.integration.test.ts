import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@sluice/core';
import { auditLane } from '@sluice/queue';
import { connectTo } from '@sluice/queue/testing';
import type { RedisSession } from '@sluice/redis';
import { startRedisProxy } from '@sluice/redis/testing';
import { type RedisServer, randomFor, startRedisServer, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { checkStory } from './check-story.ts';
import { CommitStory, type StoryWorld } from './commit-story.ts';

const random = randomFor('stories of commits');
const seeded = `(SLUICE_TEST_SEED=${random.seed})`;

describe('commits of functions at random', () => {
  it(`take effect exactly once while owners die ${seeded}`, async () => {
    await using redis = await startRedisServer();
    await using session = await connectTo(redis.url);
    const world: StoryWorld = { session, outside: session, random, ready: async () => undefined };
    for (let story = 0; story < 6; story++) await tell(world, `story/plain-${story}`, 150);
  });

  it(`do so while requests and replies are lost ${seeded}`, async () => {
    await using redis = await startRedisServer();
    await using proxy = await startRedisProxy(redis.url);
    await using outside = await connectTo(redis.url);
    await using session = await connectTo(proxy.url);
    const loseNext = () => void (random.chance(0.5) ? proxy.dropNextReply('{story/lossy-') : proxy.dropNextRequest('{story/lossy-'));
    const world: StoryWorld = { session, outside, random, loseNext, ready: () => ready(session) };
    for (let story = 0; story < 6; story++) await tell(world, `story/lossy-${story}`, 150);
  });

  it(`do so where Redis is killed and comes back with all that it answered ${seeded}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-commits-'));
    const options = { directory, extraArguments: ['--appendfsync', 'always'] };
    let redis: RedisServer = await startRedisServer(options);
    const { port } = redis;
    try {
      await using session = await connectTo(redis.url);
      const world: StoryWorld = { session, outside: session, random, ready: () => ready(session) };
      for (let round = 0; round < 3; round++) {
        const story = await CommitStory.begin(world, `story/killed-${round}`);
        for (let kill = 0; kill < 2; kill++) {
          for (let step = 0; step < 60; step++) await story.step();
          await redis.stop('SIGKILL');
          story.crash();
          redis = await startRedisServer({ ...options, port });
          await ready(session);
        }
        await finish(world, story);
      }
    } finally {
      await redis[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

async function tell(world: StoryWorld, target: string, steps: number): Promise<void> {
  const story = await CommitStory.begin(world, target);
  for (let step = 0; step < steps; step++) await story.step();
  await finish(world, story);
}

async function finish({ outside }: StoryWorld, story: CommitStory): Promise<void> {
  await story.end();
  await checkStory(outside, story, 2);
  for (const lane of [0, 1]) {
    expect(await auditLane(outside, { target: story.target, lane }, silentLogger)).toEqual({
      records: 0,
      bytes: 0,
      drift: { records: 0, bytes: 0 },
      orphansRemoved: 0,
      jobsWithoutPayload: [],
    });
  }
}

const ready = (session: RedisSession) => until('the connection', () => session.isReady).then(() => undefined);
