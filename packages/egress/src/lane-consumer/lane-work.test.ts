import type { BatchPolicy } from '@sluice/batcher';
import { SluiceError, silentLogger, WeightedBudget } from '@sluice/core';
import type { LaneEvent } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import type { SpentBudget } from '../egress-writer/lane-hold.ts';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import { FakeLane } from '../testing/fake-lane.ts';
import { settled } from '../testing/held-sink.ts';
import { retrying, writerOf } from '../testing/writer-rig.ts';
import { LaneWork } from './lane-work.ts';

const THROTTLED = 'ProvisionedThroughputExceededException';

describe('LaneWork', () => {
  it('completes each job once all of its records are written, in whatever order that happens', async () => {
    const { lane, sink, start } = workOf();
    lane.add('1', 'a1', 'b1');
    lane.add('2', 'c1');
    await start();
    lane.add('3', 'd1');
    await settled();

    expect(sink.texts).toEqual([['a1', 'b1', 'c1'], ['d1']]);
    await sink.open[1]!.answer();
    await settled();
    expect(lane.completed).toEqual(['3']);
    await sink.open[0]!.answer({ b1: THROTTLED });
    await settled();
    expect([lane.completed, lane.inHand]).toEqual([['3', '2'], ['1']]);
  });

  it('stores dead letters at once, and completes their job with its other records', async () => {
    const { lane, sink, start } = workOf();
    lane.add('1', 'a1', '1', 'b1');
    await start();
    expect(sink.texts).toEqual([['a1', 'b1']]);
    await sink.open[0]!.answer();
    await settled();

    expect(lane.deadLetters).toEqual([{ text: '1', code: 'INVALID_PARTITION_KEY' }]);
    expect(lane.completed).toEqual(['1']);
    expect(lane.calls.filter((call) => call === 'settle')).toHaveLength(2);
  });

  it('stores what is written of a job that stays in hand, so that a crash repeats no more than the last moment', async () => {
    const { lane, sink, start, clock } = workOf();
    lane.add('1', 'a1', 'a2', 'b1');
    lane.add('2', 'c1');
    await start();
    await sink.open[0]!.answer({ b1: THROTTLED });
    await settled();
    clock.advance(199);
    await settled();
    expect(lane.calls.filter((call) => call === 'settle')).toHaveLength(1);

    clock.advance(1);
    await settled();
    await settled();
    expect(lane.calls.filter((call) => call === 'settle')).toHaveLength(2);
    await lane.takeOver();
    expect(lane.waiting.map(({ id, indexes }) => [id, indexes])).toEqual([['1', [2]]]);
  });

  it('takes no more than the budget has room for, and goes on as records are written', async () => {
    const { lane, sink, start, budget } = workOf({ limit: { bytes: 4 * 612, records: 1_000 } });
    for (const id of ['1', '2', '3', '4', '5', '6', '7', '8']) lane.add(id, `${'abcdefgh'[Number(id) - 1]}1`);
    await start();

    // Four jobs of 100 bytes and one record are in hand, and the next call would have to reserve as much again.
    expect([lane.inHand, budget.used]).toEqual([['1', '2', '3', '4'], { bytes: 4 * 612, records: 4 }]);
    await sink.open[0]!.answer();
    await settled();
    await settled();
    expect(lane.inHand).toEqual(['5', '6', '7', '8']);
  });

  it('lets an incomplete batch leave when there is no room for its other half', async () => {
    const { lane, sink, start } = workOf({
      limit: { bytes: 4 * 612, records: 1_000 },
      batching: { count: 1_000, byteSize: 0, periodMs: 0 },
    });
    lane.add('1', 'a1');
    lane.add('2', 'b1');
    await start();

    expect(sink.texts).toEqual([['a1', 'b1']]);
  });

  it('hands back, when the budget for retries is spent, with what is done left out', async () => {
    const { lane, sink, start, work, spent, stopMoving } = workOf({ maxElapsedMs: 500 });
    lane.add('1', 'a1', 'b1');
    await start();
    await sink.open[0]!.answer({ a1: 'InternalFailure' });
    expect(spent).toEqual([{ attempts: 1, reason: expect.objectContaining({ code: 'RECORD_FAILED' }) }]);
    stopMoving();
    await work.handBack(spent[0]!, 5_000);

    expect(lane.waiting).toEqual([
      expect.objectContaining({ id: '1', indexes: [0], attempts: 1, lastReason: expect.objectContaining({ code: 'RECORD_FAILED' }) }),
    ]);
    expect(lane.blockedForMs).toBe(5_000);
  });

  it('counts only what is in the batch as sent: a second hand-back builds on the first', async () => {
    const { lane, sink, work, start, stopMoving } = workOf({ maxElapsedMs: 500 });
    lane.add('1', 'a1', 'b1', 'c1');
    await start();
    await sink.open[0]!.answer({ b1: 'InternalFailure', c1: 'InternalFailure' });
    stopMoving();
    await work.handBack({ reason: { code: 'X', disposition: 'retry', message: '', details: {} }, attempts: 1 }, 0);
    await work.takeOver();
    await start();
    expect(sink.texts).toEqual([['b1', 'c1']]);
    await sink.open[0]!.answer({ c1: 'InternalFailure' });
    stopMoving();
    await work.handBack({ reason: { code: 'X', disposition: 'retry', message: '', details: {} }, attempts: 1 }, 0);

    expect(lane.waiting[0]!.indexes).toEqual([2]);
  });

  it('sends and stores nothing once the lease is lost, and keeps no budget', async () => {
    const { lane, sink, start, abandon, budget, clock, stopMoving } = workOf();
    lane.add('1', 'a1');
    lane.add('2', 'a2');
    await start();
    abandon();
    stopMoving();
    await sink.open[0]!.answer({ a2: THROTTLED });
    clock.advance(60_000);
    await settled();

    expect([lane.completed, sink.open, budget.used]).toEqual([[], [], { bytes: 0, records: 0 }]);
  });

  it('counts what is written and not stored when the lease was lost, also where the answer comes later', async () => {
    const { lane, sink, start, abandon, acksLost, clock, stopMoving } = workOf();
    lane.add('1', 'a1', 'b1');
    lane.add('2', 'c1', 'd1');
    await start();
    lane.add('3', 'e1');
    await settled();
    await sink.open[0]!.answer({ b1: THROTTLED, c1: THROTTLED, d1: THROTTLED });
    clock.advance(200);
    await settled();
    expect(lane.calls.filter((call) => call === 'settle')).toHaveLength(1);
    clock.advance(800);
    await settled();
    await sink.open[1]!.answer({ b1: THROTTLED, d1: THROTTLED });
    abandon();
    stopMoving();
    expect(acksLost()).toEqual([1]);

    await sink.open[0]!.answer();
    await settled();
    expect(acksLost()).toEqual([1, 1]);
    expect(lane.completed).toEqual([]);
  });

  it('hands a job back as done of which only the settlement failed', async () => {
    const { lane, sink, start, work, stopMoving } = workOf();
    for (let failure = 0; failure < 2; failure++) lane.failNext('settle', new RefusedError('redis is busy'));
    lane.add('1', 'a1');
    await start();
    await sink.open[0]!.answer();
    await settled();
    stopMoving();
    await work.drain(0);

    expect([lane.completed, lane.waiting]).toEqual([['1'], []]);
  });

  it('drops what a call still brings after the lease was lost', async () => {
    const { lane, sink, work, abandon, budget, stopMoving } = workOf();
    await work.takeOver();
    const moving = work.move(new AbortController().signal).catch(() => undefined);
    lane.add('1', 'a1');
    abandon();
    await settled();
    stopMoving();

    expect([sink.open, budget.used.records]).toEqual([[], 0]);
    expect(moving).toBeInstanceOf(Promise);
  });

  it('drains within its grace what can be written, and hands the rest back', async () => {
    const { lane, sink, start, work, stopMoving, clock } = workOf();
    lane.add('1', 'a1', 'b1');
    lane.add('2', 'c1');
    await start();
    await sink.open[0]!.answer({ a1: THROTTLED });
    stopMoving();
    const drained = work.drain(400);
    await settled();
    clock.advance(400);
    await drained;

    expect(lane.completed).toEqual(['2']);
    expect(lane.waiting).toEqual([expect.objectContaining({ id: '1', indexes: [0], attempts: 0 })]);
    expect(sink.open).toEqual([]);
  });

  it('ends a drain at once when everything is written', async () => {
    const { lane, sink, start, work, stopMoving } = workOf();
    lane.add('1', 'a1');
    await start();
    stopMoving();
    const drained = work.drain(400);
    await sink.open[0]!.answer();
    await drained;

    expect([lane.completed, lane.waiting]).toEqual([['1'], []]);
  });

  it('waits in a drain no longer than 1.5 s for an answer, and then counts the records as unknown', async () => {
    const { lane, start, work, stopMoving, clock, events } = workOf();
    lane.add('1', 'a1');
    await start();
    stopMoving();
    const drained = work.drain(400);
    for (const stepMs of [400, 1_099, 1]) {
      await settled();
      clock.advance(stepMs);
    }
    await drained;

    expect(lane.waiting.map(({ id }) => id)).toEqual(['1']);
    expect(events.filter(({ type }) => type === 'request.ambiguous')).toEqual([{ type: 'request.ambiguous', records: 1 }]);
  });

  it('says when a settlement fails, and tries it once more before it takes the lane over', async () => {
    const { lane, sink, start, work, failures, stopMoving } = workOf();
    const refusal = new RefusedError('redis is busy');
    lane.failNext('settle', refusal);
    lane.add('1', 'a1');
    await start();
    await sink.open[0]!.answer();
    await settled();
    expect([failures, lane.completed]).toEqual([[refusal], []]);

    stopMoving();
    await work.takeOver();
    expect([lane.completed, lane.waiting]).toEqual([['1'], []]);
  });

  it('sends nothing under a lease that is about to end, and goes on once it is renewed', async () => {
    const { lane, sink, start, lease, clock } = workOf();
    lease.endsInMs = 500;
    lane.add('1', 'a1');
    await start();
    expect(sink.texts).toEqual([]);
    lease.endsInMs = 501;
    clock.advance(50);
    expect(sink.texts).toEqual([['a1']]);
  });

  it('ends what it has on the wire when its lease ends, but not when the lane was given back', async () => {
    for (const isGivenBack of [false, true]) {
      const { lane, sink, start, lease, work, clock, stopMoving } = workOf();
      lane.add('1', 'a1');
      await start();
      if (isGivenBack) {
        stopMoving();
        const drained = work.drain(0);
        for (const stepMs of [0, 1_500]) {
          await settled();
          clock.advance(stepMs);
        }
        await drained;
      }
      lease.endsInMs = 0;
      clock.advance(2_000);
      await settled();
      clock.advance(2_750);
      await settled();
      expect([isGivenBack, sink.open.length]).toEqual([isGivenBack, isGivenBack ? 1 : 0]);
    }
  });

  it('hands back, as still to be delivered, a rejected record whose dead letter could not be stored', async () => {
    const { lane, start, work, stopMoving } = workOf();
    for (let failure = 0; failure < 2; failure++) lane.failNext('settle', new RefusedError('redis is busy'));
    lane.add('1', '1', '2');
    await start();
    await settled();
    stopMoving();
    await work.drain(0);

    expect([lane.deadLetters, lane.waiting.map(({ indexes }) => indexes)]).toEqual([[], [[0, 1]]]);
  });

  it('reports what an operator should know of a lane', async () => {
    const { lane, start, work, laneEvents, spent, sink, stopMoving } = workOf({ maxElapsedMs: 500 });
    lane.add('1', 'a1', '1');
    await start();
    await settled();
    await sink.open[0]!.answer({ a1: 'InternalFailure' });
    stopMoving();
    await work.handBack(spent[0]!, 1_000);
    await lane.take(1);
    await work.takeOver();
    await work.handBack({ reason: { code: 'PAYLOAD_MISSING', disposition: 'retry', message: 'gone', details: {} }, attempts: 1 }, 1_000);

    expect(laneEvents).toEqual([
      expect.objectContaining({ type: 'record.deadLettered', lane: 0, code: 'INVALID_PARTITION_KEY' }),
      expect.objectContaining({ type: 'lane.blocked', lane: 0, code: 'RECORD_FAILED', attempts: 1 }),
      { type: 'lane.takenOver', lane: 0, jobs: 1 },
      { type: 'payload.missing', lane: 0, code: 'PAYLOAD_MISSING', reason: 'gone' },
      { type: 'lane.blocked', lane: 0, code: 'PAYLOAD_MISSING', reason: 'gone', attempts: 1 },
    ]);
  });

  it('gives room back when taking fails', async () => {
    const { lane, work, budget } = workOf();
    const refusal = new RefusedError('a job hangs elsewhere');
    await work.takeOver();
    lane.failNext('take', refusal);

    await expect(work.move(new AbortController().signal)).rejects.toBe(refusal);
    expect(budget.used).toEqual({ bytes: 0, records: 0 });
  });
});

class RefusedError extends SluiceError {
  readonly code = 'REFUSED';
  readonly disposition = 'retry';
}

/** The work on a fake lane, written by a real writer whose answers are the test's. */
function workOf({
  limit = { bytes: 1_000_000, records: 10_000 },
  batching = undefined as BatchPolicy<RecordInHand> | undefined,
  maxElapsedMs = 1_500,
} = {}) {
  const { writer, sink, clock, events, health } = writerOf({
    retry: retrying({ maxElapsedMs }),
    batching,
  });
  const lane = new FakeLane();
  const lease = { endsInMs: 5_000 };
  const budget = new WeightedBudget(limit);
  const spent: SpentBudget[] = [];
  const failures: unknown[] = [];
  const laneEvents: LaneEvent[] = [];
  const work = new LaneWork({
    lane: 0,
    lease: { remainingMs: () => lease.endsInMs },
    receiver: lane,
    writer,
    budget,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    expectedJob: { bytes: 612, records: 1 },
    audit: async () => undefined,
    emit: (event) => laneEvents.push(event),
  });
  const abandon = work.hold((notice) => {
    if (notice.type === 'budget.spent') spent.push(notice.spent);
    if (notice.type === 'lane.failed') failures.push(notice.error);
  });
  let controller = new AbortController();
  const start = async () => {
    controller = new AbortController();
    if (!lane.calls.includes('takeOver')) await work.takeOver();
    work.move(controller.signal).catch(() => undefined);
    await settled();
  };
  return {
    lane,
    lease,
    sink,
    clock,
    budget,
    events,
    spent,
    failures,
    health,
    laneEvents,
    acksLost: () => laneEvents.flatMap((event) => (event.type === 'ack.lost' ? [event.records] : [])),
    work,
    abandon,
    start,
    stopMoving: () => controller.abort(new Error('stop')),
  };
}
