import { compileConfig, type WorkerRole } from '@sluice/config';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { noteUses } from './note-uses.ts';
import { usesOf } from './part-use.ts';

const KINESIS = 'aws_kinesis: {stream: sink, partition_key: k}';
const input = (streams: string, label = '') => `input: {${label}aws_kinesis: {streams: [${streams}]}}\n`;

it('a worker is warned where an id was last used for something else, and not where it was not', async () => {
  await using redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  const warnings: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, facts) => void warnings.push([facts?.['id'], facts?.['now'], facts?.['before']]) };
  const start = async (role: WorkerRole, name: string, text: string) => {
    warnings.length = 0;
    const { config } = compileConfig([{ name, text }], { env: {} });
    await noteUses(usesOf(config, role), { session, keyPrefix: 'sluice', workerId: 'w', clock: systemClock, logger });
    return [...warnings];
  };

  expect(await start('ingress-worker', '/etc/a.yaml', input('a, b'))).toEqual([]);
  expect(await start('ingress-worker', '/srv/a.yaml', input('b, a'))).toEqual([]);
  const ofInput = 'ingress input/aws_kinesis';
  expect(await start('ingress-worker', 'b.yaml', input('a, b'))).toEqual([[ofInput, 'reads a, b (b.yaml)', 'reads a, b (a.yaml)']]);
  expect(await start('ingress-worker', 'b.yaml', input('c'))).toEqual([[ofInput, 'reads c (b.yaml)', 'reads a, b (b.yaml)']]);
  expect(await start('ingress-worker', 'b.yaml', input('c'))).toEqual([]);

  expect(await start('ingress-worker', 'a.yaml', input('a', 'label: in, '))).toEqual([]);
  expect(await start('ingress-worker', 'b.yaml', input('a', 'label: in, '))).toEqual([]);

  expect(await start('egress-worker', 'a.yaml', `${input('a')}output: {${KINESIS}}\n`)).toEqual([]);
  const other = KINESIS.replace('sink', 'other');
  const ofOutput = 'egress output/aws_kinesis';
  expect(await start('egress-worker', 'a.yaml', `output: {${other}}\n`)).toEqual([
    [ofOutput, 'writes to other (a.yaml)', 'writes to sink (a.yaml)'],
  ]);
  expect(await start('egress-worker', 'a.yaml', `${input('a')}output: {label: out, stdout: {}}\n`)).toEqual([]);
  expect(await start('egress-worker', 'a.yaml', `${input('a')}output: {label: out, broker: {outputs: [{drop: {}}]}}\n`)).toEqual([
    ['egress output/out', 'writes to broker, drop (a.yaml)', 'writes to stdout (a.yaml)'],
  ]);
});
