import { CredentialsUnavailableError } from '@sluice/credentials';
import {
  KinesisAccessError,
  KinesisCredentialsExpiredError,
  KinesisThrottledError,
  KinesisTimeoutError,
  KinesisUnavailableError,
} from '@sluice/kinesis';
import { DELIVERY_SECONDS } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { holdOf, writerOf } from '../testing/writer-rig.ts';

describe('RequestExchange, in a writer', () => {
  it('spares an endpoint that answers nothing: one request at a time after three failures', async () => {
    const { writer, sink, hold, clock } = writerOf({ limits: { maxRecords: 1, maxBytes: 1_000 }, maxInFlight: 3 });
    writer.accept(hold.records('a1', 'b1', 'c1', 'd1', 'e1'));
    for (let request = 0; request < 3; request++) {
      await sink.open[0]!.fail(new KinesisUnavailableError('gone', {}, undefined));
    }
    expect(sink.open.length).toBe(2);
    for (const request of [...sink.open]) await request.fail(new KinesisUnavailableError('gone', {}, undefined));

    clock.advance(5_000);
    expect(sink.open).toHaveLength(1);
    await sink.open[0]!.answer();
    expect(sink.open).toHaveLength(3);
  });

  it('counts the records of a request whose answer was lost, not of one that was never sent', async () => {
    const { writer, sink, hold, clock, events } = writerOf();
    writer.accept(hold.records('a1', 'b1'));
    await sink.open[0]!.fail(new KinesisUnavailableError('socket hang up', {}, new Error('socket hang up')));
    clock.advance(1_000);
    await sink.open[0]!.fail(new KinesisTimeoutError(3_000, {}));
    clock.advance(1_500);
    await sink.open[0]!.fail(new KinesisUnavailableError('refused', {}, Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })));
    await sink.open[0]?.answer();

    expect(events.filter(({ type }) => type === 'request.ambiguous')).toEqual([
      { type: 'request.ambiguous', records: 2 },
      { type: 'request.ambiguous', records: 2 },
    ]);
  });

  it('counts records that passed an earlier one of their key, unless nothing is to be passed', async () => {
    const { writer, sink, hold, clock, events } = writerOf({ keys: ofFirstLetter });
    writer.accept(hold.records('a1', 'b1', 'a2', 'a3', 'b2', 'c1'));
    await sink.open[0]!.answer({ a2: 'InternalFailure', b1: 'ValidationException', c1: 'InternalFailure' });
    clock.advance(1_000);
    await sink.open[0]!.answer({ a2: 'InternalFailure' });

    expect(events.filter(({ type }) => type === 'records.reordered')).toEqual([{ type: 'records.reordered', records: 1 }]);
  });

  it('counts nothing as passed without order', async () => {
    const { writer, sink, hold, events } = writerOf({ keys: ofFirstLetter, ordering: 'none' });
    writer.accept(hold.records('a1', 'a2'));
    await sink.open[0]!.answer({ a1: 'InternalFailure' });

    expect(events.filter(({ type }) => type === 'records.reordered')).toEqual([]);
  });

  it('starts no request under a lease that is about to end, and goes on once it is renewed', () => {
    const { writer, sink, hold, clock } = writerOf();
    hold.remainingMs = 500;
    writer.accept(hold.records('a1'));
    expect(sink.open).toEqual([]);

    hold.remainingMs = 501;
    clock.advance(50);
    expect(sink.texts).toEqual([['a1']]);
    expect(sink.open[0]!.input.timeoutMs).toBe(3_000);
  });

  it('has the client ask once more, right before it sends, whether the leases still allow it', () => {
    const { writer, sink, hold } = writerOf();
    writer.accept(hold.records('a1'));
    const { canSend } = sink.open[0]!.input;
    expect(canSend!()).toBe(true);
    hold.remainingMs = 500;
    expect(canSend!()).toBe(false);
    hold.remainingMs = 5_000;
    hold.isOpen = false;
    expect(canSend!()).toBe(false);
  });

  it('keeps a request open for far longer than a lease lasts, while that is renewed', async () => {
    const { writer, sink, hold, clock } = writerOf();
    writer.accept(hold.records('a1'));
    for (let second = 0; second < 30; second++) clock.advance(1_000);
    await sink.open[0]!.answer();
    expect(hold.written).toEqual(['a1']);
  });

  it('ends an open request a moment before a lease that was not renewed does, and counts its records as unknown', async () => {
    const { writer, sink, hold, clock, events } = writerOf();
    const other = holdOf();
    const endsAtMs = clock.monotonic() + 5_000;
    other.leaseEndsInMs = () => endsAtMs - clock.monotonic();
    writer.accept([...hold.records('a1'), ...other.records('b1')]);
    clock.advance(4_749);
    await settled();
    expect(sink.open).toHaveLength(1);
    clock.advance(1);
    await settled();

    expect(sink.open).toHaveLength(0);
    expect(events.filter(({ type }) => type !== 'request.failed')).toEqual([{ type: 'request.ambiguous', records: 2 }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.failed', code: 'LEASE_ENDING' }));
  });

  it('leaves a request open whose lane was given back on purpose', async () => {
    const { writer, sink, hold, clock } = writerOf();
    writer.accept(hold.records('a1'));
    hold.isOpen = false;
    hold.leaseEndsInMs = () => Number.POSITIVE_INFINITY;
    clock.advance(60_000);
    await settled();
    expect(sink.open).toHaveLength(1);
  });

  it('reports how many records were written, refused, and throttled among those', async () => {
    const { writer, sink, hold, events } = writerOf({ ordering: 'none' });
    writer.accept(hold.records('a1', 'b1', 'c1'));
    await sink.open[0]!.answer({ a1: 'ProvisionedThroughputExceededException', b1: 'InternalFailure' });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'request.answered', written: 1, failed: 2, throttled: 1, bytes: 2, seconds: 0 }),
    );
  });

  it('reports how long after their arrival in a stream records were written, of those that came from one', async () => {
    const { writer, sink, hold, clock, events } = writerOf({ ordering: 'none' });
    const [first, second, third] = hold.records('a1', 'b1', 'c1');
    const origin = { stream: 's', shardId: 'shard-0', sequenceNumber: '1', subSequenceNumber: 0 };
    Object.assign(first!.record, { origin: { ...origin, arrivalTimeMs: clock.now() - 3_000 } });
    Object.assign(second!.record, { origin: { ...origin, arrivalTimeMs: 0 } });
    writer.accept([first!, second!, third!]);
    clock.advance(1_000);
    await sink.open[0]!.answer();

    const delivered = events.flatMap((event) => (event.type === 'request.answered' ? event.delivered! : []))[0]!;
    expect([delivered.sumSeconds, delivered.counts[DELIVERY_SECONDS.indexOf(5)], delivered.counts.reduce((a, b) => a + b)]).toEqual([
      4, 1, 1,
    ]);
  });

  it('asks a slow endpoint for less, with more patience, says so, and delivers', async () => {
    const { writer, sink, hold, clock, events } = writerOf({ ordering: 'none' });
    writer.accept(hold.records('a1', 'b1', 'c1', 'd1'));
    clock.advance(3_000);
    await sink.open[0]!.fail(new KinesisTimeoutError(3_000, {}));
    clock.advance(1_000);

    expect(events).toContainEqual({ type: 'request.adapted', timeoutSeconds: 6, maxRecords: 2 });
    expect(sink.open.map(({ texts, input }) => [texts, input.timeoutMs])).toEqual([
      [['a1', 'b1'], 6_000],
      [['c1', 'd1'], 6_000],
    ]);
    clock.advance(3_500);
    for (const request of [...sink.open]) await request.answer();
    expect(hold.written).toHaveLength(4);
  });

  it('reports when no request reaches Kinesis any more, and when one does again, once each', async () => {
    const { writer, sink, hold, clock, health } = writerOf();
    const refused = new KinesisAccessError('ExpiredTokenException', {}, undefined);
    writer.accept(hold.records('a1'));
    for (const error of [
      new KinesisThrottledError('slow down', {}, undefined),
      refused,
      new KinesisUnavailableError('gone', {}, undefined),
    ]) {
      await sink.open[0]!.fail(error);
      clock.advance(5_000);
    }
    await sink.open[0]!.answer();

    expect(health).toEqual([{ type: 'requests.failing', error: refused }, { type: 'requests.answered' }]);
  });

  it.each([
    ['missing', new CredentialsUnavailableError('the environment', 'there are none')],
    ['expired', new KinesisCredentialsExpiredError('why', {}, undefined)],
  ])('counts credentials that are %s as failing, too', async (_, error) => {
    const { writer, sink, hold, health } = writerOf();
    writer.accept(hold.records('a1'));
    await sink.open[0]!.fail(error);
    expect(health).toEqual([{ type: 'requests.failing', error }]);
  });
});

const ofFirstLetter = {
  partitionKey: (batch: readonly { readonly content: Uint8Array }[], index: number) => Buffer.from(batch[index]!.content).toString()[0]!,
  hashKey: 'none',
} as const;
