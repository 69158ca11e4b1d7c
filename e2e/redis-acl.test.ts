import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openClient } from '@sluice/client';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { NodeProcess, programFile, runNode, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { FunctionsPipeline, VISITS } from './src/functions-pipeline.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { RedisHost } from './src/redis-host.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ACL = readFileSync(join(ROOT, 'deploy/redis/users.acl'), 'utf8').trim().split('\n');
const USERS = ACL.map((line) => line.split(' ')[1]!).filter((user) => user.startsWith('sluice-'));
const RECORDS = 500;
const TARGET = 'output/arrivals';
const INGRESS = 'com.example/departures';

describe('users.acl', () => {
  it('lets ingress-worker, egress-worker, command line and an application do their work, each under its own user', async () => {
    await using pipeline = await Pipeline.start({ shards: 2 });
    const acl = await loadUsers(pipeline.redis);
    for (const user of ['egress', 'ingress'] as const) {
      const worker = pipeline.worker(`${user}-worker`, user, { SLUICE_REDIS_URL: acl.urlOf(user) });
      worker.start();
      await worker.ready();
    }
    const feed = () =>
      pipeline.client.putRecords({
        stream: SOURCE,
        records: Array.from({ length: RECORDS }, (_, n) => ({ partitionKey: `key-${n}`, data: Buffer.from(JSON.stringify({ key: n })) })),
      });
    await feed();
    await until('the records to arrive', async () => pipeline.written >= RECORDS || (await acl.refused()).length > 0);
    await sendAs(acl.urlOf('client'));
    await until('the record of the application to arrive', async () => pipeline.written > RECORDS || (await acl.refused()).length > 0);

    const sluice = (user: string, ...args: string[]) =>
      runNode([programFile('sluice'), ...args], {
        env: { SLUICE_REDIS_URL: acl.urlOf(user), ...pipeline.kinesisEnv, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'secret' },
      });
    for (const args of [['lanes'], ['shards'], ['workers'], ['dead-letters', 'list'], ['jobs', 'list', TARGET], ['audit']])
      for (const user of ['operator', 'board-reader']) expect(await sluice(user, ...args)).toMatchObject({ code: 0, stderr: '' });
    for (const args of [
      ['pause', TARGET],
      ['resume', TARGET],
      ['rewind', INGRESS, '--to', 'latest'],
      ['dead-letters', 'redrive', '--all', '--target', TARGET],
      ['dead-letters', 'remove', '--all', '--target', TARGET],
      ['move', `${TARGET}/0`, '--to', 'egress.1'],
    ])
      expect(failureOf(await sluice('operator', ...args, '--yes')), args.join(' ')).toBe('');
    expect(failureOf(await sluice('operator', 'doctor', ...pipeline.configArguments))).toBe('');
    // Without it workers report every five seconds, also while somebody looks.
    expect((await acl.refused()).filter((line) => line !== 'sluice-board-reader set')).toEqual([]);
  });

  it('lets the function-worker and those who look after functions do their work', async () => {
    await using pipeline = await FunctionsPipeline.start();
    const acl = await loadUsers(pipeline.redis);
    for (const user of ['function', 'ingress', 'egress'] as const)
      await pipeline.startWorker(`${user}-worker`, user, { SLUICE_REDIS_URL: acl.urlOf(user) });
    const records = Array.from({ length: 100 }, (_, n) => ({ partitionKey: `visitor-${n}`, data: Buffer.from(`visitor-${n}`) }));
    await pipeline.client.putRecords({ stream: VISITS, records });
    const isCounted = async () => (await pipeline.count('greeter', 'visitor-99')) > 0 && (await pipeline.waiting()) === 0;
    await until('the visits to be counted', async () => (await isCounted()) || (await acl.refused()).length > 0);

    const sluice = (user: string, ...args: string[]) =>
      runNode([programFile('sluice'), ...args], { env: { SLUICE_REDIS_URL: acl.urlOf(user) } });
    for (const args of [
      ['functions', 'list'],
      ['state', 'list', 'ex/greeter'],
      ['state', 'get', 'ex/greeter', 'visitor-1'],
      ['state', 'export', 'ex/greeter'],
      ['state', 'set', 'ex/greeter', 'visitor-1', 'count', '7'],
    ])
      expect(failureOf(await sluice('operator', ...args)), args.join(' ')).toBe('');
    expect(await acl.refused()).toEqual([]);
  });

  it('lets the board show and act, and a board that only reads show', async () => {
    await using pipeline = await Pipeline.start({ shards: 1 });
    await pipeline.startWorkers({ ingress: 1, egress: 1 });
    const acl = await loadUsers(pipeline.redis);
    const unexpected = async () => (await acl.refused()).filter((line) => line !== 'sluice-board-reader set');
    for (const [user, readOnly] of [
      ['board', 'false'],
      ['board-reader', 'true'],
    ] as const) {
      await using board = await startBoard(pipeline.configArguments, {
        SLUICE_REDIS_URL: acl.urlOf(user),
        SLUICE_BOARD_READ_ONLY: readOnly,
      });
      for (const path of [
        '/api/overview',
        '/api/history?minutes=60',
        `/api/lanes/${encodeURIComponent(TARGET)}/0`,
        '/api/dead-letters',
        '/api/audit',
        '/queues/api/queues',
      ])
        expect([path, (await fetch(`${board.url}${path}`)).status, await unexpected()]).toEqual([path, 200, []]);
      const { csrfToken } = (await (await fetch(`${board.url}/api/session`)).json()) as { csrfToken: string };
      for (const action of ['pause', 'resume']) {
        const answer = await fetch(`${board.url}/api/actions/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken },
          body: JSON.stringify({ input: { name: TARGET }, dryRun: false }),
        });
        expect([action, answer.status]).toEqual([action, readOnly === 'true' ? 403 : 200]);
      }
    }
    expect(await unexpected()).toEqual([]);
  });

  it('refuses everyone everything else', async () => {
    await using pipeline = await Pipeline.start({ shards: 1 });
    const acl = await loadUsers(pipeline.redis);
    await pipeline.redis.session.client.set('other:key', 'x');
    expect(USERS).toHaveLength(7);
    for (const user of USERS) {
      await using session = await connectRedis(
        { url: acl.urlOf(user.replace('sluice-', '')) },
        { logger: silentLogger, clock: systemClock },
      );
      const attempts = [
        'GET other:key',
        'SET other:key y',
        'KEYS *',
        'FLUSHALL',
        'CONFIG SET maxmemory 1',
        'SHUTDOWN NOSAVE',
        'SCRIPT FLUSH',
        'ACL LIST',
        'REPLICAOF NO ONE',
        'CLIENT KILL TYPE normal',
        'MONITOR',
        'RENAME sluice:a sluice:b',
        'SUBSCRIBE other',
        'MIGRATE h 1 sluice:a 0 1',
      ];
      if (user === 'sluice-board-reader')
        attempts.push('SET sluice:a 1', 'DEL sluice:targets', 'HSET sluice:targets a 1', 'PUBLISH sluice:a x');
      for (const attempt of attempts) {
        const [command = '', ...args] = attempt.split(' ');
        await expect(session.client.call(command, ...args), `${user} ${attempt}`).rejects.toThrow(/NOPERM/);
      }
    }
  });
});

const failureOf = ({ code, stderr, stdout }: { readonly code: number | null; readonly stderr: string; readonly stdout: string }): string =>
  code === 0 ? '' : `${stderr}${stdout}`;

async function loadUsers(redis: RedisHost) {
  const { client } = redis.session;
  for (const line of ACL.filter((each) => !each.startsWith('user default'))) {
    const [, user = '', ...rules] = line.split(' ');
    await client.call('ACL', 'SETUSER', user, 'reset', ...rules);
  }
  return {
    urlOf: (user: string) => redis.url.replace('redis://', `redis://sluice-${user}:${user.toUpperCase()}-PASSWORD@`),
    /** Users and what they were refused. */
    refused: async () => {
      const entries = (await client.call('ACL', 'LOG')) as unknown[][];
      return entries.map((entry) => `${entry[entry.indexOf('username') + 1]} ${entry[entry.indexOf('object') + 1]}`);
    },
  };
}

/** As an application that puts a record on an egress. */
async function sendAs(url: string): Promise<void> {
  await using client = await openClient({ redis: url });
  await client.egress(TARGET).send({ key: 'application', data: '{"key":"application"}' });
}

async function startBoard(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ url: string } & AsyncDisposable> {
  const board = new NodeProcess({ name: 'board', script: programFile('board'), args: [...args, '--port', '0'], env });
  const url = await until('the board to listen', () => /"url":"([^"]+)"/.exec(board.lastLines.join('\n'))?.[1]);
  await until('the board to be ready', async () => (await fetch(`${url}/ready`)).ok);
  return { url, [Symbol.asyncDispose]: () => board.kill() };
}
