import { sleep, WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { KinesisThrottledError, KinesisTimeoutError, type RecordPage } from '@sluice/kinesis';
import { LeaseLostError } from '@sluice/lease';
import { describe, expect, it, vi } from 'vitest';
import { getCalls, passed, put, sourceOf } from '../testing/page-source-rig.ts';
import { PageBudget } from './page-budget.ts';
import type { PollingFeedOptions } from './polling-feed.ts';

const signal = new AbortController().signal;

describe('PageSource', () => {
  it('fetches the next page while the first one is being worked on', async () => {
    const { pages, kinesis, clock } = await sourceOf(3, { maxRecordsPerRead: 2 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    expect(getCalls(kinesis)).toBe(1);

    await passed(clock, 200);
    expect(getCalls(kinesis)).toBe(2);
    const second = await pages.next(first.nextIterator!, signal);
    expect([first.rawCount, second.rawCount]).toEqual([2, 1]);
    expect(getCalls(kinesis)).toBe(2);
  });

  it('has a read that waits for its connection look at the lease again', async () => {
    const { pages, lease, reads } = await sourceOf(3);
    await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const { beforeSending } = reads.mock.calls[0]![0];
    expect(beforeSending).not.toThrow();
    lease.isHeld = false;
    expect(beforeSending).toThrow(LeaseLostError);
  });

  it('makes no call once the lease has ended, though it was due before', async () => {
    const { pages, kinesis, clock, lease } = await sourceOf(3, { maxRecordsPerRead: 2 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    lease.isHeld = false;

    await passed(clock, 200);
    await expect(pages.next(first.nextIterator!, signal)).rejects.toBeInstanceOf(LeaseLostError);
    await expect(pages.open({ kind: 'TRIM_HORIZON' }, signal)).rejects.toBeInstanceOf(LeaseLostError);
    expect(kinesis.calls.filter((call) => call === 'getRecords' || call === 'getShardIterator')).toEqual([
      'getShardIterator',
      'getRecords',
    ]);
  });

  it('waits for the turn of a call, and until the shard has paid for a page', async () => {
    const clock = new ManualClock();
    const charged: number[] = [];
    const turns: PollingFeedOptions['turns'] = {
      wait: () => sleep(clock, 100),
      charge: (_: string, bytes: number) => charged.push(bytes) * 1_500,
      throttled: () => undefined,
    };
    const { pages, kinesis } = await sourceOf(3, { maxRecordsPerRead: 1, recordBytes: 10, turns, clock });
    const asked = pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 0);
    await passed(clock, 99);
    expect(getCalls(kinesis)).toBe(0);
    await passed(clock, 1);
    await asked;
    await passed(clock, 1_500);
    expect([getCalls(kinesis), charged]).toEqual([1, [10]]);
    await passed(clock, 100);
    expect(getCalls(kinesis)).toBe(2);
  });

  it('fetches nothing ahead after an empty page', async () => {
    const { pages, kinesis, clock } = await sourceOf(0);
    await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 10_000);
    expect(getCalls(kinesis)).toBe(1);
  });

  it('leaves at least the poll interval between two calls, and more and more while it is throttled', async () => {
    const { pages, kinesis, clock } = await sourceOf(0);
    const iterator = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    for (let fault = 0; fault < 6; fault++) kinesis.failNext('getRecords', new KinesisThrottledError('slow down', {}, undefined));

    const gaps: number[] = [];
    for (let call = 0; call < 8; call++) {
      const before = clock.monotonic();
      const calls = getCalls(kinesis);
      const page = pages.next(iterator, signal).catch((error: unknown) => error);
      while (getCalls(kinesis) === calls) await passed(clock, 50);
      gaps.push(clock.monotonic() - before);
      await page;
    }
    expect(gaps.slice(1)).toEqual([400, 800, 1_600, 3_200, 5_000, 5_000, 4_500]);
  });

  it('asks for as many records as fit a page, once it knows their size', async () => {
    const { pages, clock, limits } = await sourceOf(1_500, { recordBytes: 3_584 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 200);
    await pages.next(first.nextIterator!, signal);
    // 3 MiB in records of 16 KiB, then of 3.5 KiB with a quarter of a KiB for what surrounds them.
    expect(limits()).toEqual([192, 819]);
  });

  it('asks for little at the tip, and for much again as soon as it is behind', async () => {
    const { pages, kinesis, clock, limits } = await sourceOf(3, { recordBytes: 1_024 });
    let page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await put(kinesis, 400, 1_024);
    for (let call = 0; call < 3; call++) {
      await passed(clock, 200);
      page = await pages.next(page.nextIterator!, signal);
    }
    expect(limits()).toEqual([192, 307, 2_457, 307]);
  });

  it('waits for memory before it asks, and frees it once the reader is through with a page', async () => {
    const clock = new ManualClock();
    const budget = new PageBudget({ bytes: 6 * 1024 ** 2, records: 100_000 }, clock);
    const { pages, kinesis, limits } = await sourceOf(300, { recordBytes: 1_024, budget, clock });
    const other = await budget.reserve(2 * 1024 ** 2, signal);
    const next = pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 500);
    expect(getCalls(kinesis)).toBe(0);
    other[Symbol.dispose]();
    const page = await next;
    expect(budget.used.bytes).toBe(192 * 1_280);

    const ahead = pages.next(page.nextIterator!, signal);
    await passed(clock, 200);
    await ahead;
    await passed(clock, 200);
    expect([limits().length, budget.used.bytes]).toEqual([3, 108 * 1_280]);
    pages[Symbol.dispose]();
    expect(budget.used.bytes).toBe(0);
  });

  it('gives the memory of a page back when the reader asks for the next one, and not before', async () => {
    const { pages, clock } = await sourceOf(4, { maxRecordsPerRead: 1 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 200);
    const { records } = await pages.take(first, { kind: 'TRIM_HORIZON' }, signal);
    const again = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    expect([records.length, records.at(0)!.partitionKey]).toEqual([1, 'k']);
    const next = pages.next(again, signal);
    expect(() => records.at(0)).toThrow('memory was given back');
    await passed(clock, 200);
    expect((await pages.take(await next, { kind: 'TRIM_HORIZON' }, signal)).records.at(0)!.partitionKey).toBe('k');
  });

  it('keeps no memory for a call that failed', async () => {
    const { pages, kinesis, budget } = await sourceOf(3);
    kinesis.failNext('getRecords', new KinesisThrottledError('slow down', {}, undefined));
    await expect(pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal)).rejects.toThrow('slow down');
    expect(budget.used.bytes).toBe(0);
  });

  it('asks for half as much after a time-out, and for more again with every page that arrives', async () => {
    const { pages, kinesis, clock, limits } = await sourceOf(5_000, { recordBytes: 1_024 });
    const timedOut = () => new KinesisTimeoutError(10_000, {});
    kinesis.failNext('getRecords', timedOut());
    kinesis.failNext('getRecords', timedOut());
    let iterator: string | null = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    for (let call = 0; call < 6; call++) {
      const next: Promise<RecordPage | undefined> = pages.next(iterator!, signal).catch(() => undefined);
      await passed(clock, 200);
      iterator = (await next)?.nextIterator ?? iterator;
    }
    expect(limits().slice(0, 6)).toEqual([192, 96, 48, 768, 960, 1_200]);
  });

  it('asks for no more than the shard may hand out, where configured', async () => {
    const { pages, clock } = await sourceOf(700, { adaptiveReads: true, recordBytes: 4_096 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 200);
    const second = await pages.next(first.nextIterator!, signal);
    // A fifth of 2 MiB, in records of 16 KiB, then of 4 KiB.
    expect([first.rawCount, second.rawCount]).toEqual([25, 102]);
  });

  it('has one record in hand where no more are allowed', async () => {
    const { pages, kinesis, clock, limits } = await sourceOf(3, { checkpointLimit: 1 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 10_000);
    expect([first.rawCount, getCalls(kinesis), limits()]).toEqual([1, 1, [1]]);
  });

  it('keeps two pages within the records that may be read but not handed on', async () => {
    const { pages } = await sourceOf(100, { checkpointLimit: 20 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    expect(first.rawCount).toBe(10);
  });

  it('opens no more shards at the same time than the worker may', async () => {
    const openings = new WeightedBudget({ bytes: 0, records: 1 });
    const [first, second] = [await sourceOf(1, { openings }), await sourceOf(1, { openings })];
    const answered = Promise.withResolvers<string>();
    first.kinesis.getShardIterator = () => answered.promise;
    const asked = vi.spyOn(second.kinesis, 'getShardIterator');
    const opening = [first, second].map(({ pages }) => pages.open({ kind: 'TRIM_HORIZON' }, signal));
    await new Promise(setImmediate);
    expect(asked).not.toHaveBeenCalled();
    answered.reject(new KinesisThrottledError('slow down', {}, undefined));
    await expect(opening[0]).rejects.toThrow('slow down');
    await opening[1];
    expect(openings.used.records).toBe(0);
  });

  it('throws a page away that was fetched ahead when it is opened anew', async () => {
    const { pages, clock } = await sourceOf(3, { maxRecordsPerRead: 1 });
    const { firstSequenceNumber } = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await passed(clock, 200);
    const iterator = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    const next = pages.next(iterator, signal);
    await passed(clock, 200);
    expect(await next).toSatisfy((page: RecordPage) => page.firstSequenceNumber === firstSequenceNumber);
  });

  it('takes an iterator for expired before the service does', async () => {
    const { pages, kinesis, clock } = await sourceOf(0);
    const iterator = await pages.open({ kind: 'TRIM_HORIZON' }, signal);
    clock.advance(240_001);
    await expect(pages.next(iterator, signal)).rejects.toMatchObject({ code: 'ITERATOR_EXPIRED' });
    expect(getCalls(kinesis)).toBe(0);
  });

  it('reads at once by a new iterator where the last one did not outlive the poll interval', async () => {
    const { pages, kinesis, clock } = await sourceOf(3, { maxRecordsPerRead: 2, pollIntervalMs: 600_000 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const position = { sequenceNumber: first.lastSequenceNumber!, subSequenceNumber: 0 };
    const expired = expect(pages.next(first.nextIterator!, signal)).rejects.toMatchObject({ code: 'ITERATOR_EXPIRED' });
    await passed(clock, 600_000);
    await expired;
    const second = await pages.next(await pages.open({ kind: 'AFTER', position }, signal), signal);
    // The record of the position comes again, since it may be a container.
    expect([second.rawCount, getCalls(kinesis)]).toEqual([2, 2]);
  });

  it('starts with the record of the checkpoint, in which it may stand in the middle', async () => {
    const { pages, kinesis } = await sourceOf(2);
    const iterator = vi.spyOn(kinesis, 'getShardIterator');
    const position = { sequenceNumber: '42', subSequenceNumber: 3 };
    await pages.open({ kind: 'AFTER', position }, signal);
    await pages.open({ kind: 'AT_TIMESTAMP', timestampMs: 7 }, signal);
    expect(iterator.mock.calls.map(([input]) => input.position)).toEqual([
      { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: '42' },
      { type: 'AT_TIMESTAMP', timestampMs: 7 },
    ]);
  });

  it('ends a call when its reader does, and leaves no timer behind', async () => {
    const { pages, clock } = await sourceOf(3, { maxRecordsPerRead: 1 });
    const first = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const next = pages.next(first.nextIterator!, signal);
    pages[Symbol.dispose]();
    await expect(next).rejects.toThrow('the reader continued from elsewhere');
    expect(clock.pendingTimers).toBe(0);
  });
});
