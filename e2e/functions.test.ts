import { sleep, systemClock } from '@sluice/core';
import type { OutgoingRecord } from '@sluice/kinesis';
import { randomFor, until } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { expect, it } from 'vitest';
import { FunctionsPipeline, GREETINGS, VISITS } from './src/functions-pipeline.ts';

const KEYS = 200;
const ROUNDS = 30;
const KILLS = 3;

it('greets each visitor once, whatever is killed: counters of state exact, nothing lost, doubled or out of order', async () => {
  const random = randomFor('functions');
  await using pipeline = await FunctionsPipeline.start();
  const workers = await Promise.all([
    pipeline.startWorker('function-worker', 'functions-1'),
    pipeline.startWorker('function-worker', 'functions-2'),
  ]);
  await pipeline.startWorker('ingress-worker', 'ingress-1');

  const visits = new Map<string, string[]>();
  const feed = async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const records = Array.from({ length: 100 }, (_, index): OutgoingRecord => {
        const partitionKey = `visitor-${random.between(1, KEYS)}`;
        const text = `${round}.${index}`;
        visits.set(partitionKey, [...(visits.get(partitionKey) ?? []), text]);
        return { partitionKey, data: Buffer.from(text) };
      });
      const { failedCount } = await pipeline.client.putRecords({ stream: VISITS, records });
      expect(failedCount).toBe(0);
      await sleep(systemClock, 50);
    }
  };
  const kill = async () => {
    for (let round = 0; round < KILLS; round++) {
      for (const worker of workers) {
        await sleep(systemClock, random.between(100, 600));
        await worker.kill();
        worker.start();
        await worker.ready();
      }
      await pipeline.restartGreeter();
    }
  };
  await Promise.all([feed(), kill()]);
  await pipeline.startWorker('egress-worker', 'egress-1');

  const ids = [...visits.keys()];
  await until('every message to be worked off', async () => (await pipeline.waiting()) === 0, 300_000);
  const counted = await Promise.all(ids.map(async (id) => [id, await pipeline.count('greeter', id), await pipeline.count('mirror', id)]));
  expect(counted).toEqual(ids.map((id) => [id, visits.get(id)!.length, visits.get(id)!.length * 2]));

  const greetings = new Map<string, string[]>();
  for await (const { partitionKey, data } of readBack(pipeline.client, GREETINGS)) {
    greetings.set(partitionKey, [...(greetings.get(partitionKey) ?? []), Buffer.from(data).toString()]);
  }
  const expected = ids.map((id) => [id, visits.get(id)!.map((text, index) => `${text} ${index + 1}`)]);
  expect(ids.map((id) => [id, greetings.get(id)])).toEqual(expected);
});
