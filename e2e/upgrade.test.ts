import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import { openPreviousRelease } from './src/previous-release.ts';
import type { App, Worker } from './src/worker.ts';

const RECORDS = 15_000;
const APPS = ['ingress-worker', 'egress-worker'] as const;

it('shares shards and lanes with workers of the previous release, rolls forward and back: nothing is lost or out of order', async ({
  skip,
}) => {
  await using previous = await openPreviousRelease();
  if (!previous) return skip('the previous release is not in this history');
  const random = randomFor('upgrade');
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  const of = (release: 'old' | 'new', app: App, n: number) =>
    pipeline.worker(app, `${release}-${app}-${n}`, {}, release === 'old' ? previous : undefined);
  const start = async (workers: readonly Worker[]) => {
    for (const worker of workers) worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
  };
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  const flowsOn = async () => {
    const before = pipeline.written;
    await until('records to flow on', () => pipeline.written > before + 500);
  };

  // What the previous release wrote is what this one finds.
  const old = APPS.flatMap((app) => [of('old', app, 1), of('old', app, 2)]);
  await start(old);
  feed.start(500);
  await flowsOn();

  // Side by side, with crashes on both sides.
  const young = APPS.flatMap((app) => [of('new', app, 1), of('new', app, 2)]);
  await start(young);
  await flowsOn();
  const crashing = [old[random.between(0, 1)]!, young[random.between(2, 3)]!, old[random.between(2, 3)]!];
  for (const worker of crashing) {
    await worker.kill();
    await start([worker]);
    await flowsOn();
  }

  // Forward: a worker after the other. Then back, while all of them have work.
  for (const worker of old) expect((await worker.terminate()).code).toBe(0);
  await flowsOn();
  await start(old);
  for (const worker of young) expect((await worker.terminate()).code).toBe(0);
  await flowsOn();
  await feed.stop(RECORDS);
  const report = await pipeline.delivered(feed.fed);
  process.stdout.write(`upgrade: ${report.fed} records, ${report.duplicated} duplicates\n`);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
});
