import { WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { Aggregator } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { LeaseLostError } from '@sluice/lease';
import { vi } from 'vitest';
import { PageBudget } from '../shard-reader/page-budget.ts';
import { PageSource } from '../shard-reader/page-source.ts';
import { PollingFeed, type PollingFeedOptions } from '../shard-reader/polling-feed.ts';

export const getCalls = (kinesis: FakeKinesis): number => kinesis.calls.filter((call) => call === 'getRecords').length;

/** Moves the clock on and lets what was waiting for it run. */
export async function passed(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise(setImmediate);
}

/** Puts containers, each of so many records. */
export async function putAggregates(kinesis: FakeKinesis, containers: number, recordsEach: number, recordBytes = 0): Promise<void> {
  const packed = new Aggregator(1_048_576);
  for (let index = 0; index < recordsEach; index++) packed.add({ partitionKey: 'k', data: new Uint8Array(recordBytes) });
  const records = Array.from({ length: containers }, () => ({ partitionKey: 'k', data: packed.toBytes() }));
  await kinesis.putRecords({ stream: 's', records });
}

export async function put(kinesis: FakeKinesis, records: number, recordBytes: number): Promise<void> {
  for (let sent = 0; sent < records; sent += 500) {
    const batch = Array.from({ length: Math.min(500, records - sent) }, () => ({ partitionKey: 'k', data: Buffer.alloc(recordBytes) }));
    await kinesis.putRecords({ stream: 's', records: batch });
  }
}

/** A shard that allows everything. */
export const FREE_TURNS: PollingFeedOptions['turns'] = { wait: async () => undefined, charge: () => 0, throttled: () => undefined };

interface SourceOptions {
  readonly maxRecordsPerRead?: number;
  readonly pollIntervalMs?: number;
  readonly recordBytes?: number;
  readonly clock?: ManualClock;
  readonly budget?: PageBudget;
  readonly checkpointLimit?: number;
  readonly adaptiveReads?: boolean;
  readonly openings?: WeightedBudget;
  readonly turns?: PollingFeedOptions['turns'];
}

/** The pages of a shard with so many records. */
export async function sourceOf(records: number, options: SourceOptions = {}) {
  const { maxRecordsPerRead = 10_000, recordBytes = 1, clock = new ManualClock(), checkpointLimit, adaptiveReads = false } = options;
  const { budget = new PageBudget({ bytes: 1e9, records: 1e6 }, clock) } = options;
  const kinesis = new FakeKinesis();
  kinesis.createStream('s', 1);
  await put(kinesis, records, recordBytes);
  const getRecords = vi.spyOn(kinesis, 'getRecords');
  const shard = { stream: 's', shardId: 'shardId-000000000000' };
  const lease = {
    isHeld: true,
    assertHeld: () => {
      if (!lease.isHeld) throw new LeaseLostError('shard', 'it expired');
    },
  };
  const feed = new PollingFeed({
    ...shard,
    lease,
    kinesis,
    clock,
    pollIntervalMs: options.pollIntervalMs ?? 200,
    maxRecordsPerRead,
    checkpointLimit,
    adaptiveReads,
    budget,
    openings: options.openings ?? new WeightedBudget({ bytes: 0, records: 16 }),
    turns: options.turns ?? FREE_TURNS,
  });
  const pages = new PageSource(feed, budget);
  return { pages, kinesis, clock, lease, budget, reads: getRecords, limits: () => getRecords.mock.calls.map(([{ limit }]) => limit) };
}
