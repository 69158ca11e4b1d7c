import { createHash } from 'node:crypto';
import { ManualClock } from '@sluice/core/testing';
import { KinesisValidationError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { settled } from '../testing/held-sink.ts';
import { HeldStore } from '../testing/held-store.ts';
import { holdOf, retrying, writerOf } from '../testing/writer-rig.ts';

describe('records that are too large for their stream', () => {
  it('go elsewhere, and records that refer to them take their place under the same keys', async () => {
    const hashKey = ([record]: readonly { readonly content: Uint8Array }[]) => String(record!.content[0]);
    const { writer, hold, sink, store, events } = offloading({
      keys: { ...KEYS, partitionKey: ([record]) => `${record!.content.length}`, hashKey },
    });
    writer.accept(hold.records(LARGE_A));
    expect(writer.isIdle).toBe(false);
    await store.open[0]!.done();

    const [{ texts, input }] = sink.open as [(typeof sink.open)[number]];
    const sha256 = createHash('sha256').update(LARGE_A).digest('hex');
    expect(JSON.parse(texts[0]!)).toEqual({ format: 'sluice.offloaded/1', bucket: 'b', key: `x/${sha256}`, bytes: LARGE_A.length, sha256 });
    expect(input.records[0]).toMatchObject({ partitionKey: String(LARGE_A.length), explicitHashKey: String('a'.charCodeAt(0)) });
    expect(hold.written).toEqual([]);
    await sink.open[0]!.answer();
    expect([hold.written, store.objects.get(sha256), writer.isIdle]).toEqual([[LARGE_A], LARGE_A, true]);
    expect(events.filter(({ type }) => type === 'record.offloaded')).toEqual([{ type: 'record.offloaded', bytes: LARGE_A.length }]);
  });

  it('keep the order of their key', async () => {
    const { writer, hold, sink, store } = offloading();
    writer.accept(hold.records('a-0', LARGE_A, 'a-2'));
    writer.accept(hold.records('a-3'));
    expect(sink.texts).toEqual([['a-0']]);
    await store.open[0]!.done();
    while (sink.open.length > 0) await sink.open[0]!.answer();
    expect(sink.written.map((text) => store.resolve(text))).toEqual(['a-0', LARGE_A, 'a-2', 'a-3']);
    expect(writer.isIdle).toBe(true);
  });

  it('hold up no other key, however many they are; a few go elsewhere at once', async () => {
    const { writer, hold, sink, store } = offloading();
    writer.accept(hold.records(...['a', 'b', 'c', 'd', 'e'].map(large), 'f-1'));
    expect([store.open.length, sink.texts]).toEqual([4, [['f-1']]]);
    await store.open[0]!.done();
    expect(store.names).toHaveLength(5);
    while (store.open.length > 0) await store.open[0]!.done();
    while (sink.open.length > 0) await sink.open[0]!.answer();
    expect([hold.written.length, writer.isIdle]).toEqual([6, true]);
  });

  it('are put under a name that says what they are, however often they come', async () => {
    const { writer, hold, store } = offloading();
    for (const text of [LARGE_A, large('b'), LARGE_A]) {
      writer.accept(hold.records(text));
      await store.open[0]!.done();
    }
    expect(store.names[2]).toBe(store.names[0]);
    expect(store.objects.size).toBe(2);
  });

  it('are put again after a pause that grows', async () => {
    const { writer, hold, store, clock, events, sink } = offloading();
    writer.accept(hold.records(LARGE_A));
    for (const [attempts, pauseMs] of [1_000, 1_500].entries()) {
      await store.open[0]!.fail();
      await advance(clock, pauseMs - 1);
      expect(store.names).toHaveLength(attempts + 1);
      await advance(clock, 1);
      expect(store.names).toHaveLength(attempts + 2);
    }
    await store.open[0]!.done();
    expect(sink.open).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'offload.failed')).toMatchObject([{ code: 'OBJECT_STORE_FAILED' }, {}]);
  });

  it('go back to their lane, which then rests, when their retries are spent', async () => {
    const { writer, hold, store, sink, clock } = offloading({ retry: retrying({ maxRetries: 1 }) });
    writer.accept(hold.records(LARGE_A, 'a-2'));
    await store.open[0]!.fail();
    await advance(clock, 1_000);
    await store.open[0]!.fail();
    expect(hold.budget).toMatchObject({ reason: { code: 'OBJECT_STORE_FAILED' }, attempts: 2 });
    await writer.withdraw(hold);
    expect([sink.requests, writer.isIdle, hold.written, hold.refused]).toEqual([0, true, [], []]);
  });

  it('are tried for as long as the retries may take, counted from the first', async () => {
    const { writer, hold, store, clock } = offloading({ retry: retrying({ maxElapsedMs: 1_500 }) });
    clock.advance(60_000);
    writer.accept(hold.records(LARGE_A));
    await store.open[0]!.fail();
    expect(hold.budget).toBeUndefined();
    await advance(clock, 1_000);
    await store.open[0]!.fail();
    expect(hold.budget).toMatchObject({ attempts: 2 });
  });

  it('are dead letters once they are older than a record may be', async () => {
    const { writer, hold, store, clock, sink } = offloading({ retry: { ...retrying(), recordTtlMs: 1_500 } });
    writer.accept(hold.records(LARGE_A, 'a-2'));
    await store.open[0]!.fail();
    await advance(clock, 1_000);
    await store.open[0]!.fail();
    expect(hold.refused).toEqual([[LARGE_A, 'RECORD_EXPIRED']]);
    expect(sink.texts).toEqual([['a-2']]);
  });

  it('are given up with their lane, and neither written nor settled', async () => {
    const { writer, hold, store, sink } = offloading();
    const other = holdOf();
    writer.accept([...hold.records(LARGE_A, 'a-2'), ...other.records('b-1')]);
    const { signal } = store.open[0]!;
    hold.isOpen = false;
    await writer.withdraw(hold);
    await settled();
    expect(signal.aborted).toBe(true);
    await sink.open[0]!.answer();
    expect([hold.written, hold.refused, other.written, writer.isIdle]).toEqual([[], [], ['b-1'], true]);
  });

  it.each(['done', 'fail'] as const)('go back with a lane that was given up while their data were on their way: %s', async (end) => {
    const { writer, hold, store, sink, clock } = offloading();
    writer.accept(hold.records(LARGE_A, `${LARGE_A}2`));
    hold.isOpen = false;
    await store.open[0]![end]();
    await advance(clock, 10_000);
    expect([sink.requests, hold.written, store.names.length, writer.isIdle]).toEqual([0, [], 1, true]);
  });

  it.each([0, 1])('give back all lanes of their message where one has gone, also one that waits: %d', async (place) => {
    const archive = chainOf({ type: 'archive', options: { format: 'lines' } });
    const { writer, hold, store, sink } = offloading({
      batching: { count: 2, byteSize: 0, periodMs: 0 },
      processing: { records: undefined, batches: archive, refusesFailed: false },
    });
    const [gone, other, first] = [hold, holdOf(), holdOf()];
    if (place === 1) writer.accept(first.records(large('f'), 'f-2'));
    writer.accept([...gone.records(LARGE_A), ...other.records('b-1')]);
    gone.isOpen = false;
    await writer.withdraw(gone);
    expect([gone.isDisplaced, other.isDisplaced, first.isDisplaced]).toEqual([false, true, false]);
    await writer.withdraw(other);
    await settled();
    for (const put of [...store.open]) await put.done();
    for (const request of [...sink.open]) await request.answer();
    expect([first.written.length, gone.written, other.written, writer.isIdle]).toEqual([2 * place, [], [], true]);
  });

  it('are put no more after a stop', async () => {
    const { writer, hold, store, stop, clock, sink, bugs } = offloading();
    writer.accept(hold.records(LARGE_A, large('a')));
    await store.open[0]!.fail();
    stop();
    await advance(clock, 10_000);
    expect([store.names.length, sink.requests, hold.written, bugs()]).toEqual([1, 0, [], []]);
  });

  it('end the writer where a bug is met', async () => {
    const { writer, hold, store, bugs } = offloading();
    writer.accept(hold.records(LARGE_A));
    const bug = new TypeError('a bug');
    await store.open[0]!.fail(bug);
    expect(bugs()).toEqual([bug]);
  });

  it('are dead letters still where their key is none', () => {
    const { writer, hold, store } = offloading({ keys: { ...KEYS, partitionKey: () => '' } });
    writer.accept(hold.records(LARGE_A));
    expect([hold.refused, store.names]).toEqual([[[LARGE_A, 'INVALID_PARTITION_KEY']], []]);
  });

  it('come again and go elsewhere where the stream takes less than when they were accepted', async () => {
    let maxRecordBytes = 2 * 1024 * 1024;
    const findMaxRecordBytes = async () => maxRecordBytes;
    const { writer, hold, sink, store, clock } = offloading({
      maxRecordBytes,
      findMaxRecordBytes,
      limits: { maxRecords: 500, maxBytes: 1e7 },
    });
    const text = `a-${'1'.repeat(1_500_000)}`;
    writer.accept(hold.records(text));
    maxRecordBytes = 1024 * 1024;
    await advance(clock, 2_000);
    await sink.open[0]!.fail(new KinesisValidationError('too large', {}, undefined));
    await settled();
    expect([hold.isDisplaced, hold.refused, hold.written]).toEqual([true, [], []]);
    await writer.withdraw(hold);
    const next = holdOf();
    writer.accept(next.records(text));
    await store.open[0]!.done();
    await sink.open[0]!.answer();
    expect([next.written, store.objects.size, writer.isIdle]).toEqual([[text], 1, true]);
  });

  it('are not too large at exactly the size that the stream takes', () => {
    const { writer, hold, store, sink } = offloading();
    const exact = `a-${'1'.repeat(MAX_BYTES - KEY.length - 2)}`;
    writer.accept(hold.records(exact));
    expect([store.names, sink.texts]).toEqual([[], [[exact]]]);
    writer.accept(hold.records(`${exact}1`));
    expect(store.names).toHaveLength(1);
  });
});

const KEYS = { partitionKey: 'record', hashKey: 'none' } as const;
const MAX_BYTES = 1_000;
const large = (key: string): string => `${key}-${'1'.repeat(2_000)}`;
/** What precedes the number. */
const KEY = 'a-';
const LARGE_A = large('a');

async function advance(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}

function offloading(settings: Parameters<typeof writerOf>[0] = {}) {
  const store = new HeldStore();
  return { ...writerOf({ keys: KEYS, maxRecordBytes: MAX_BYTES, ...settings }, new ManualClock(), { largeRecords: store }), store };
}
