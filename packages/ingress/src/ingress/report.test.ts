import { ManualClock } from '@sluice/core/testing';
import { KinesisUnavailableError } from '@sluice/kinesis';
import { expect, it } from 'vitest';
import { ReadProgress } from './read-progress.ts';
import { createShardReporter } from './report.ts';
import { ShardLoads } from './shard-loads.ts';

it('reports a lag that grows while reads fail, and counts the shard no more once its reader has ended', () => {
  const clock = new ManualClock();
  const progress = new ReadProgress(clock);
  const lags: unknown[] = [];
  const emit = (event: { readonly type: string; readonly lagSeconds?: number }) => lags.push([event.type, event.lagSeconds]);
  const report = createShardReporter({ emit, progress, loads: new ShardLoads(clock), clock, stream: 's', target: 'out' });
  const failed = { type: 'read.failed', error: new KinesisUnavailableError('why', {}, undefined), attempt: 1 } as const;

  report('shard-0', { type: 'reader.started' });
  report('shard-0', { type: 'page.read', bytes: 1, lagMs: 2_000 });
  clock.advance(5_000);
  report('shard-0', failed);
  clock.advance(10_000);
  report('shard-0', failed);
  expect(progress.isFailing(15_000)).toBe(true);
  report('shard-0', { type: 'reader.paused' });
  report('shard-0', { type: 'reader.ended', reason: 'shutdown', checkpoint: undefined, error: undefined });

  expect(lags).toEqual([
    ['reader.started', undefined],
    ['page.read', 2],
    ['read.failed', 7],
    ['read.failed', 17],
    ['reader.paused', 17],
    ['reader.ended', undefined],
  ]);
  // Otherwise a shard that another worker reads by now would make this worker stand aside.
  expect([progress.isFailing(0), progress.lagMs('s/shard-0')]).toEqual([false, 0]);
});
