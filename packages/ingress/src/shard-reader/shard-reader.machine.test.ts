import { IteratorExpiredError, KinesisThrottledError, KinesisValidationError, StreamNotFoundError } from '@sluice/kinesis';
import { LeaseLostError } from '@sluice/lease';
import { RedisReplyLostError } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { type SimulatedClock, toPromise, waitFor } from 'xstate';
import { QueueFullError, ShardExpiredError } from '../errors.ts';
import { after, page, readerOf, throttled } from '../testing/shard-reader-rig.ts';
import { idleMs } from './pauses.ts';

describe('shardReaderMachine', () => {
  it('reads a shard to its end and ends it from the last checkpoint', async () => {
    const { actor, enqueued, stored, ended } = readerOf([page(['42', '43']), page(['44']), page([], null)]);

    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'shardEnd', checkpoint: { kind: 'SHARD_END' }, error: undefined });
    expect(enqueued).toEqual(['42', '43', '44']);
    expect(stored).toEqual([after('43'), after('44')]);
    expect(ended).toEqual([after('44')]);
  });

  it('ends a shard whose last page holds records without a checkpoint of its own', async () => {
    const { actor, enqueued, stored, ended } = readerOf([page(['42'], null)]);

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ enqueued, stored, ended }).toEqual({ enqueued: ['42'], stored: [], ended: [after('41')] });
  });

  it('asks at once after an empty page that is not at the tip, and waits longer and longer at the tip', async () => {
    const pagesAtTip = Array.from({ length: 6 }, () => page([]));
    const { actor, clock, polls, reports } = readerOf([page([], 'next', 5_000), ...pagesAtTip, page([], null)]);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('idle'));

    for (let idle = 1; idle <= pagesAtTip.length; idle++) {
      await settled();
      expect(polls()).toBe(1 + idle);
      clock.increment(idleMs(idle) - 1);
      await settled();
      expect(polls()).toBe(1 + idle);
      clock.increment(1);
    }
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    // Each page is told of, also those in between: that is how others know how far behind the shard is.
    expect(reports.filter(({ type }) => type === 'page.read')).toHaveLength(8);
  });

  it('goes back to work when the shard at the tip is behind', async () => {
    const { actor, clock, iterators, enqueued } = readerOf([page([]), page([], 'b'), page([], 'c', 5_000), page(['42'], null)]);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('idle'));
    for (let idle = 0; idle < 2; idle++) {
      await settled();
      clock.increment(idleMs(1));
    }
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ iterators, enqueued }).toEqual({ iterators: ['iterator', 'next', 'b', 'c'], enqueued: ['42'] });
  });

  it('asks the iterator again that failed at the tip, as often as if it had failed for the first time', async () => {
    const { actor, clock, iterators, reports, opened } = readerOf([
      throttled(),
      page([]),
      page([], 'b'),
      throttled(),
      page([], 'c'),
      page([], null),
    ]);
    actor.start();
    for (const idle of ['after the first failure', 'after the second']) {
      await waitFor(actor, (snapshot) => snapshot.matches('backingOff'), { timeout: 30_000 });
      expect([
        idle,
        reports
          .filter(({ type }) => type === 'read.failed')
          .map((report) => 'attempt' in report && report.attempt)
          .at(-1),
      ]).toEqual([idle, 1]);
      clock.increment(250);
      await waitFor(actor, (snapshot) => snapshot.matches('idle'));
      for (let page = 0; page < 2; page++) {
        await settled();
        clock.increment(idleMs(1));
      }
    }
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ iterators, opened }).toEqual({ iterators: ['iterator', 'iterator', 'next', 'b', 'b', 'c'], opened: [after('41')] });
  });

  it('resolves an expired iterator anew without a pause, once', async () => {
    const expired = new IteratorExpiredError('shard-0');
    const { actor, clock, opened } = readerOf([page(['42']), expired, expired, page([], null)]);
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    expect(opened).toEqual([after('41'), after('42')]);
    clock.increment(1_000);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(opened).toEqual([after('41'), after('42'), after('42')]);
  });

  it('asks the same iterator again after throttling, with longer and longer pauses, without end', async () => {
    const { actor, clock, opened, reports } = readerOf([...Array.from({ length: 30 }, () => throttled()), page(['42'], null)]);
    actor.start();

    for (let attempt = 1; attempt <= 30; attempt++) {
      await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
      clock.increment(10_000);
    }

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(opened).toEqual([after('41')]);
    expect(reports.filter(({ type }) => type === 'read.failed')).toHaveLength(30);
  });

  it.each([
    ['a stream that is gone', () => new StreamNotFoundError('why', {}, undefined)],
    ['a request that Kinesis calls invalid', () => new KinesisValidationError('why', {}, undefined)],
  ])('keeps trying, with long pauses, after %s', async (_, fault) => {
    const { actor, clock, opened } = readerOf([fault(), page([], null)]);
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    clock.increment(999);
    expect(actor.getSnapshot().value).toBe('backingOff');
    clock.increment(1);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(opened).toEqual([after('41'), after('41')]);
  });

  it('keeps its page while the queue is full, without asking Kinesis again', async () => {
    const full = new QueueFullError('out');
    const { actor, clock, enqueued, polls } = readerOf([page(['42'], null)], { enqueueFaults: [full, full] });
    actor.start();

    for (let refusal = 0; refusal < 2; refusal++) {
      await waitFor(actor, (snapshot) => snapshot.matches('paused'));
      clock.increment(250);
    }

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ enqueued, polls: polls() }).toEqual({ enqueued: ['42'], polls: 1 });
  });

  it('reads again from the checkpoint what may not have reached the queue', async () => {
    const lost = new RedisReplyLostError('redis://here', undefined);
    const { actor, clock, enqueued, opened } = readerOf([page(['42']), page(['42'], null)], { enqueueFaults: [lost] });
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    clock.increment(250);

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ enqueued, opened }).toEqual({ enqueued: ['42'], opened: [after('41'), after('41')] });
  });

  it('goes back to the stored checkpoint where it is not what it last wrote', async () => {
    const { actor, enqueued, opened, stored } = readerOf([page(['42']), page(['40']), page([], null)], { moved: [after('39')] });

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ enqueued, opened, stored }).toEqual({
      enqueued: ['42', '40'],
      opened: [after('41'), after('39')],
      stored: [after('40')],
    });
  });

  it('enqueues a large page in slices, with a checkpoint after each', async () => {
    const { actor, enqueued, stored, ended } = readerOf([page(['42', '43', '44']), page(['45', '46'], null)], { sliceRecords: 2 });

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(enqueued).toEqual(['42', '43', '44', '45', '46']);
    expect(stored).toEqual([after('43'), after('44')]);
    expect(ended).toEqual([after('44')]);
  });

  it('shuts down between two slices of a page, and begins after the first of them', async () => {
    const { actor, enqueued, stored } = readerOf([page(['42', '43', '44'])], { sliceRecords: 2 });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('enqueuing'));
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shutdown', checkpoint: after('43') });
    expect({ enqueued, stored }).toEqual({ enqueued: ['42', '43'], stored: [after('43')] });
  });

  it('leaves out what comes again of an aggregate in which its checkpoint stands', async () => {
    const { actor, enqueued, stored } = readerOf([page(['41:0', '41:1', '41:2', '42'], null)], { checkpoint: after('41', 1) });

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'shardEnd' });
    expect({ enqueued, stored }).toEqual({ enqueued: ['41', '42'], stored: [] });
  });

  it.each([
    ['its record comes first', [page(['41']), page(['42'], null)], []],
    ['nothing came yet', [page([], 'next', 5_000), page(['41', '42'], null)], []],
    ['others come first', [page(['43']), page(['44'], null)], [after('41')]],
  ])('reports a gap after its checkpoint where the record of that has expired: %s', async (_, pages, gaps) => {
    const { actor, clock, reports, enqueued } = readerOf(pages);
    actor.start();
    if (pages[0]!.firstSequenceNumber === '41') {
      await waitFor(actor, (snapshot) => snapshot.matches('idle'));
      clock.increment(250);
    }

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(reports.flatMap((event) => (event.type === 'records.expired' ? [event.checkpoint] : []))).toEqual(gaps);
    expect(enqueued).not.toContain('41');
  });

  it('ends a shard of which nothing is left in the stream, and says that records may be lost', async () => {
    const { actor, reports, ended } = readerOf([page(['42']), new ShardExpiredError('s', 'shard-0')]);

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'shardEnd' });
    expect(ended).toEqual([after('42')]);
    expect(reports.slice(-3)).toEqual([
      { type: 'records.expired', checkpoint: after('42') },
      { type: 'checkpoint.moved', checkpoint: { kind: 'SHARD_END' } },
      { type: 'reader.ended', reason: 'shardEnd', checkpoint: { kind: 'SHARD_END' }, error: undefined },
    ]);
  });

  it('finishes the page in hand before it shuts down', async () => {
    const { actor, enqueued, stored } = readerOf([page(['42']), page(['43'])]);
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('enqueuing'));
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shutdown', checkpoint: after('42') });
    expect({ enqueued, stored }).toEqual({ enqueued: ['42'], stored: [after('42')] });
  });

  it('shuts down although the page in hand fails', async () => {
    const { actor } = readerOf([page(['42'])], { enqueueFaults: [new RedisReplyLostError('redis://here', undefined)] });
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('enqueuing'));
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shutdown', checkpoint: after('41') });
  });

  it('gives the shard up when a write is fenced off', async () => {
    const { actor } = readerOf([page(['42'])], { enqueueFaults: [new LeaseLostError('row', 'another owner has it')] });

    await expect(toPromise(actor.start())).resolves.toMatchObject({ reason: 'leaseLost', checkpoint: after('41') });
  });

  it.each([
    ['is asked to stop', { type: 'shutdown.requested', successor: 'other' } as const, { successor: 'other' }],
    ['loses its lease', { type: 'lease.lost' } as const, {}],
  ])('gives its lease back before it ends when it %s', async (_, event, options) => {
    const { actor, released, reports } = readerOf([page([])]);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('idle'));
    actor.send(event);

    await toPromise(actor);
    expect(released).toEqual([options]);
    expect(reports.at(-1)).toMatchObject({ type: 'reader.ended', reason: event.type === 'lease.lost' ? 'leaseLost' : 'shutdown' });
  });

  it('gives its lease back, and leaves the shard alone for a while, when the shard cannot be opened', async () => {
    const bug = new TypeError('no such queue');
    const { actor, released } = readerOf([], { openFault: bug });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', checkpoint: undefined, error: bug });
    expect(released).toEqual([{ cooldownMs: 5_000 }]);
  });

  it('fails, without retrying, on an error it does not know', async () => {
    const bug = new TypeError('records is not iterable');
    const { actor } = readerOf([bug]);

    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', checkpoint: after('41'), error: bug });
  });

  it('reports what it does', async () => {
    const { actor, reports } = readerOf([throttled(), page(['41', '42']), page([], null)]);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    (actor.clock as SimulatedClock).increment(1_000);
    await toPromise(actor);

    expect(reports).toEqual([
      { type: 'reader.started' },
      { type: 'read.failed', error: expect.any(KinesisThrottledError), attempt: 1 },
      { type: 'page.read', bytes: 2, lagMs: 0 },
      { type: 'records.read', records: 1 },
      { type: 'page.enqueued', records: 1 },
      { type: 'checkpoint.moved', checkpoint: after('42') },
      { type: 'page.read', bytes: 0, lagMs: 0 },
      { type: 'checkpoint.moved', checkpoint: { kind: 'SHARD_END' } },
      { type: 'reader.ended', reason: 'shardEnd', checkpoint: { kind: 'SHARD_END' }, error: undefined },
    ]);
  });
});

/** Lets what an actor waits for happen, as far as no clock is in it. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
