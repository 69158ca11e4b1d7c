import { type ClientRecord, openClient } from '@sluice/client';
import { expect, it } from 'vitest';
import { Pipeline } from './src/pipeline.ts';

const KEYS = 20;

const recordOf = (number: number): ClientRecord => {
  const key = `key-${number % KEYS}`;
  return { key, data: JSON.stringify({ key, number }) };
};

const fedBy = (count: number) =>
  Array.from({ length: count }, (_, number) => {
    const { key, data } = recordOf(number);
    return { partitionKey: key!, data: Buffer.from(data) };
  });

it('records of a client reach the output stream once each and in the order of their keys', async () => {
  await using pipeline = await Pipeline.start();
  await pipeline.startWorkers({ ingress: 0, egress: 1 });
  await using client = await openClient({ redis: pipeline.redis.url, name: 'e2e' });
  const egress = client.egress('output/arrivals');

  await egress.sendAll(Array.from({ length: 4_000 }, (_, number) => recordOf(number)));
  await Promise.all(Array.from({ length: 1_000 }, (_, number) => egress.send(recordOf(4_000 + number))));

  expect(await pipeline.deliveredOnce(fedBy(5_000))).toEqual({
    fed: 5_000,
    readBack: 5_000,
    lost: 0,
    duplicated: 0,
    foreign: 0,
    outOfOrder: 0,
  });
});

it('a Redis that restarts and a worker that is killed lose nothing of it, and keep the order', async () => {
  await using pipeline = await Pipeline.start();
  const { egress: workers } = await pipeline.startWorkers({ ingress: 0, egress: 2 });
  await using client = await openClient({ redis: pipeline.redis.url, name: 'e2e' });
  const egress = client.egress('output/arrivals');

  let sent = 0;
  let isDone = false;
  const sending = (async () => {
    while (!isDone) await egress.send(Array.from({ length: 20 }, () => recordOf(sent++)));
  })();
  await expect.poll(() => pipeline.written).toBeGreaterThan(500);
  await pipeline.redis.crash(0);
  const afterRestart = pipeline.written;
  await expect.poll(() => pipeline.written).toBeGreaterThan(afterRestart + 500);
  await workers[0]!.kill();
  const afterKill = pipeline.written;
  await expect.poll(() => pipeline.written).toBeGreaterThan(afterKill + 500);
  isDone = true;
  await sending;

  expect(await pipeline.delivered(fedBy(sent))).toMatchObject({ fed: sent, lost: 0, foreign: 0, outOfOrder: 0 });
});
