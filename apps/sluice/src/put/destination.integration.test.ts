import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { readLaneCounts } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { openDestination } from './destination.ts';

const configOf = (text: string, redisUrl = 'redis://127.0.0.1:1') =>
  compileConfig([{ name: 'c.yaml', text: `${text}---\nsluice: {redis: {url: "${redisUrl}"}, egresses: {output/out: {lanes: 3}}}\n` }], {
    env: {},
  });

it('puts records into the lanes of an output that is no stream', async () => {
  await using redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  const { config } = configOf('input: {aws_kinesis: {streams: [a]}}\noutput: {label: out, stdout: {}}\n', redis.url);
  await using destination = await openDestination('output/out', { config, env: {} }, new AbortController().signal);
  expect(await destination.store([{ partitionKey: 'k', data: Buffer.from('x') }])).toEqual([]);
  const lanes = await readLaneCounts(session, { target: 'output/out' });
  expect([lanes.length, lanes.reduce((sum, { records }) => sum + records, 0)]).toEqual([3, 1]);
});

it.each([
  [
    'input: {stdin: {}}\noutput: {label: out, stdout: {}}\n',
    /a pipeline in one process has no lanes: put the records where its input reads$/,
  ],
  ['input: {aws_kinesis: {streams: [a]}}\noutput: {label: other, stdout: {}}\n', /found output\/out; its egresses are output\/other$/],
])('says why there is nothing to put into: %s', (text, message) => {
  const { config } = configOf(text);
  expect(() => openDestination('output/out', { config, env: {} }, new AbortController().signal)).toThrow(message);
});
