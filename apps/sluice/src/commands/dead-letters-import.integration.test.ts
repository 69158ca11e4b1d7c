import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { formatDeadLetterLine, openLaneSender } from '@sluice/queue';
import { takeLane } from '@sluice/queue/testing';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const TARGET = 'output/orders';
let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let folder: string;
let file: string;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  folder = await mkdtemp(join(tmpdir(), 'sluice-import-'));
  file = join(folder, 'dead.jsonl');
});
beforeEach(async () => {
  await session.client.flushall();
  await openLaneSender({ session, target: TARGET, lanes: 1, clock: systemClock });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe('sluice dead-letters import', () => {
  it('sends again what lines hold, in their order', async () => {
    await writeFile(file, [1, 2, 3].map((n) => `${lineOf(n)}\n`).join(''));
    await expect(importFile('--dry-run')).resolves.toMatchObject({ stdout: '3 dead letters could be sent again\n' });
    expect(await dataInLane()).toEqual([]);
    await expect(importFile()).resolves.toEqual({ code: 0, stdout: '3 dead letters sent again\n', stderr: '' });
    expect(await dataInLane()).toEqual(['record 1', 'record 2', 'record 3']);
  });

  it('stops at a line that is no dead letter, or passes over it', async () => {
    await writeFile(file, `${lineOf(1)}\n{"format":"slu\n${lineOf(2)}\n`);
    const refused = { stdout: '', stderr: 'sluice: line 2 of the import: expected a JSON object (DEAD_LETTER_LINE)\n' };
    await expect(importFile()).resolves.toMatchObject(refused);
    // What stood before it.
    expect(await dataInLane()).toEqual(['record 1']);
    await expect(importFile('--skip-broken')).resolves.toMatchObject({
      code: 0,
      stdout: '2 dead letters sent again, 1 line passed over\n',
    });
  });

  it('takes those of one target, and refuses those of a target that is not there', async () => {
    await writeFile(file, `${lineOf(1, 'output/x')}\n${lineOf(2)}\n`);
    for (const flags of [['--dry-run'], []])
      await expect(importFile(...flags)).resolves.toMatchObject({
        stderr: expect.stringContaining('expected a target of this Redis, found output/x'),
      });
    await expect(importFile('--target', TARGET)).resolves.toMatchObject({ stdout: '1 dead letter sent again\n' });
    expect(await dataInLane()).toEqual(['record 2']);
  });
});

const importFile = (...flags: string[]) =>
  runSluice(['dead-letters', 'import', '--file', file, ...flags], { env: { SLUICE_REDIS_URL: redis.url } });

const lineOf = (number: number, target = TARGET): string => {
  const record = { partitionKey: 'key', data: Buffer.from(`record ${number}`), metadata: {} };
  const reason = { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'too large', details: {} } as const;
  return formatDeadLetterLine({ id: String(number), target, lane: 0, reason, partitionKey: 'key', bytes: 8, rejectedAtMs: 0, record });
};

async function dataInLane(): Promise<string[]> {
  const lane = await takeLane(session, { target: TARGET, lane: 0 });
  const { jobs } = await lane.take(10);
  await lane.handBack([]);
  return jobs.flatMap(({ records }) => Array.from(records, ({ data }) => Buffer.from(data).toString()));
}
