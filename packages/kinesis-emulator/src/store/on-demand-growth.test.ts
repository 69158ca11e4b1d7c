import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { MIB } from '../limits.ts';
import { Account } from './account.ts';

const INTERVAL_MS = 60_000;

describe('OnDemandGrowth', () => {
  it('doubles the shards once more than half of what they take was written in a second', () => {
    const { wrote, shards } = streamOf();

    wrote(2_000, 0);
    expect(shards()).toBe(4);
    wrote(1, 0);
    expect(shards()).toBe(8);
  });

  it('counts bytes as well as records', () => {
    const { wrote, shards } = streamOf();

    wrote(2, 2 * MIB + 1);

    expect(shards()).toBe(8);
  });

  it('does not add up what was written in different seconds', () => {
    const { clock, wrote, shards } = streamOf();

    wrote(2_000, 0);
    clock.advance(1_000);
    wrote(2_000, 0);

    expect(shards()).toBe(4);
  });

  it('does not double again before its time', () => {
    const { clock, wrote, shards } = streamOf();
    wrote(100_000, 0);

    clock.advance(INTERVAL_MS - 1);
    wrote(100_000, 0);
    expect(shards()).toBe(8);

    clock.advance(1);
    wrote(100_000, 0);
    expect(shards()).toBe(16);
  });

  it('stops at 200 shards', () => {
    const { clock, wrote, shards } = streamOf();

    for (let round = 0; round < 10; round++) {
      wrote(1_000_000, 0);
      clock.advance(INTERVAL_MS);
    }

    expect(shards()).toBe(200);
  });

  it('waits while the stream is not active', () => {
    const { clock, stream, account, wrote, shards } = streamOf(5_000);

    wrote(100_000, 0);
    expect([stream.status, shards()]).toEqual(['CREATING', 4]);
    clock.advance(5_000);
    account.stream('s');
    wrote(100_000, 0);
    expect([stream.status, shards()]).toEqual(['UPDATING', 4]);
    clock.advance(5_000);
    account.stream('s');

    expect([stream.status, shards()]).toEqual(['ACTIVE', 8]);
  });
});

/** A stream in on-demand mode. */
function streamOf(stateDelayMs = 0) {
  const clock = new ManualClock();
  const account = new Account({ clock, stateDelayMs, onDemandGrowthMs: INTERVAL_MS });
  const stream = account.createStream({ name: 's', shardCount: 4, mode: 'ON_DEMAND' });
  return {
    clock,
    account,
    stream,
    wrote: (records: number, bytes: number) => account.onDemandGrowth.wrote(stream, records, bytes),
    shards: () => stream.openShards.length,
  };
}
