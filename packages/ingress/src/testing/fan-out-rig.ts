import { sleep, WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { type ChildShard, compareSequenceNumbers, type RecordPage } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { type Checkpoint, LeaseLostError } from '@sluice/lease';
import { FanOutFeed } from '../shard-reader/fan-out-feed.ts';
import type { FanOutReport } from '../shard-reader/fan-out-report.ts';
import { PageBudget } from '../shard-reader/page-budget.ts';
import { PageSource } from '../shard-reader/page-source.ts';
import { PollingFeed } from '../shard-reader/polling-feed.ts';
import { StreamConsumer } from '../stream-reader/stream-consumer.ts';

import { FREE_TURNS } from './page-source-rig.ts';

export const SHARD = 'shardId-000000000000';

/** The pages of the one shard of the stream `s`, by fan-out, with the consumer `app`. */
export function fannedOut({ random = () => 0.5 }: { readonly random?: () => number } = {}) {
  const clock = new ManualClock();
  const kinesis = new FakeKinesis();
  kinesis.createStream('s', 1);
  const streamArn = 'arn:aws:kinesis:local:000000000000:stream/s';
  const budget = new PageBudget({ bytes: 1e9, records: 1e6 }, clock);
  const openings = new WeightedBudget({ bytes: 0, records: 16 });
  const lease = {
    isHeld: true,
    assertHeld: () => {
      if (!lease.isHeld) throw new LeaseLostError('shard', 'it expired');
    },
  };
  const shared = { kinesis, stream: 's', shardId: SHARD, lease, clock, budget, openings };
  const polling = new PollingFeed({
    ...shared,
    ...{ pollIntervalMs: 200, maxRecordsPerRead: 1_000, checkpointLimit: undefined, adaptiveReads: false, turns: FREE_TURNS },
  });
  const consumer = new StreamConsumer({ kinesis, streamArn, name: 'app', arn: undefined, clock, activationTimeoutMs: 60_000 });
  const reports: FanOutReport[] = [];
  const feed = new FanOutFeed({ ...shared, polling, consumer, maxPauseMs: 30_000, random, report: (event) => reports.push(event) });
  const pages = new PageSource(feed, budget);
  let written = 0;
  return {
    ...{ clock, kinesis, lease, budget, reports, streamArn, pages, reader: readerOf(pages, clock) },
    /** So many records, each with its number as data. */
    async put(count: number): Promise<void> {
      const records = Array.from({ length: count }, () => ({ partitionKey: 'k', data: Buffer.from(String(written++)) }));
      if (count > 0) await kinesis.putRecords({ stream: 's', records });
    },
    /** Another reader subscribes with the same consumer. */
    async displace(): Promise<void> {
      const { arn: consumerArn } = kinesis.push.register({ streamArn, name: 'app' });
      await kinesis.subscribeToShard({ stream: 's', shardId: SHARD, consumerArn, position: { type: 'LATEST' } });
    },
    /** Reads pages on and on, each after the one before was passed on. */
    pagesOf(iterator: string) {
      const { signal } = new AbortController();
      const sizes: number[] = [];
      let passingOnMs = 0;
      const read = async () => {
        for (let next: string | null = iterator; next !== null; ) {
          const page: RecordPage = await pages.next(next, signal);
          if (page.rawCount > 0) sizes.push(page.rawCount);
          if (page.rawCount > 0 && passingOnMs > 0) await sleep(clock, passingOnMs, signal);
          next = page.nextIterator;
        }
      };
      void read().catch(() => undefined);
      const passesOnIn = (ms: number) => {
        passingOnMs = ms;
      };
      return { sizes, passesOnIn };
    },
    calls: (operation: string) => kinesis.calls.filter((call) => call === operation).length,
  };
}

/** Reads page after page, as a shard reader does. */
function readerOf(pages: PageSource, clock: ManualClock) {
  const { signal } = new AbortController();
  const numbers: number[] = [];
  let checkpoint: Checkpoint = { kind: 'TRIM_HORIZON' };
  let iterator: string | null | undefined;
  let childShards: readonly ChildShard[] = [];
  let isReading = false;
  let failure: { readonly error: unknown } | undefined;
  /** The first records after `open` begin with the one of the checkpoint. */
  let isFirst = true;
  let overlaps = 0;
  const open = async () => {
    iterator = await pages.open(checkpoint, signal);
    isFirst = true;
  };
  const read = async () => {
    if (iterator === undefined) await open();
    const page = await pages.next(iterator!, signal);
    if (page.rawCount > 0) {
      if (!isFirst && beginsBefore(page, checkpoint)) overlaps++;
      isFirst = false;
    }
    const { records } = await pages.take(page, checkpoint, signal);
    for (const { data, origin } of records) {
      numbers.push(Number(Buffer.from(data)));
      checkpoint = { kind: 'AFTER', position: { sequenceNumber: origin!.sequenceNumber, subSequenceNumber: 0 } };
    }
    ({ nextIterator: iterator, childShards } = page);
  };
  return {
    /** The data of what it has read. */
    numbers,
    /** Pages that brought again what the page before them had. */
    get overlaps() {
      return overlaps;
    },
    get iterator() {
      return iterator;
    },
    get childShards() {
      return childShards;
    },
    /** Begins again at its checkpoint, as after a failure. What is under way is given up. */
    async restart(from = checkpoint): Promise<void> {
      checkpoint = from;
      await open();
      await settled();
      isReading = false;
      failure = undefined;
    },
    /** Reads on, while `ms` pass. What it fails with is thrown in the next call. */
    async pass(ms: number): Promise<void> {
      if (failure) throw failure.error;
      if (iterator !== null && !isReading) {
        isReading = true;
        void read()
          .catch((error: unknown) => {
            failure = { error };
          })
          .finally(() => {
            isReading = false;
          });
      }
      clock.advance(ms);
      await settled(5);
    },
    /** Reads on until so many records have come. */
    async until(count: number): Promise<void> {
      while (numbers.length < count) await this.pass(100);
    },
  };
}

const beginsBefore = ({ firstSequenceNumber }: RecordPage, checkpoint: Checkpoint): boolean =>
  checkpoint.kind === 'AFTER' && compareSequenceNumbers(firstSequenceNumber!, checkpoint.position.sequenceNumber) <= 0;

/** Lets what waits for nothing but its turn happen. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}
