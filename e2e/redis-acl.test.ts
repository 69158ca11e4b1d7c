import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runNode, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ACL = readFileSync(join(ROOT, 'deploy/redis/users.acl'), 'utf8').trim().split('\n');
const RECORDS = 500;

it('lets every program do its work under its own user of users.acl, and nothing else', async () => {
  await using pipeline = await Pipeline.start({ shards: 2 });
  const redis = pipeline.redis.session.client;
  for (const line of ACL.filter((each) => !each.startsWith('user default'))) {
    const [, user = '', ...rules] = line.split(' ');
    await redis.call('ACL', 'SETUSER', user, 'reset', ...rules);
  }
  const as = (user: string) => pipeline.redis.url.replace('redis://', `redis://sluice-${user}:${user.toUpperCase()}-PASSWORD@`);
  const refused = async () => (await redis.call('ACL', 'LOG')) as unknown[];

  for (const user of ['egress', 'ingress'] as const) {
    const worker = pipeline.worker(`${user}-worker`, user, { SLUICE_REDIS_URL: as(user) });
    worker.start();
    await worker.ready();
  }
  await pipeline.client.putRecords({
    stream: SOURCE,
    records: Array.from({ length: RECORDS }, (_, n) => ({ partitionKey: `key-${n}`, data: Buffer.from(JSON.stringify({ n })) })),
  });
  await until('the records to arrive', async () => pipeline.written >= RECORDS || (await refused()).length > 0);

  const sluice = (user: string, ...args: string[]) =>
    runNode([join(ROOT, 'apps/sluice/start.mjs'), ...args], { env: { SLUICE_REDIS_URL: as(user) } });
  for (const args of [['lanes'], ['shards'], ['dead-letters', 'list']])
    for (const user of ['operator', 'board']) expect(await sluice(user, ...args)).toMatchObject({ code: 0, stderr: '' });
  for (const args of [
    ['pause', 'output/arrivals', '--yes'],
    ['resume', 'output/arrivals', '--yes'],
    ['rewind', 'com.example/departures', '--to', 'latest', '--yes'],
    ['audit'],
  ])
    expect(await sluice('operator', ...args)).toMatchObject({ code: 0 });
  expect(await refused()).toEqual([]);
});
