import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { RefusedError, THROTTLED, workOf } from '../testing/lane-work-rig.ts';

describe('LaneWork, when its lane goes', () => {
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

  it('lets an incomplete batch leave when the worker stops, but not when another worker waits for the lane', async () => {
    for (const graceMs of [400, 0]) {
      const { lane, sink, start, work, stopMoving } = workOf({ batching: { count: 100, byteSize: 0, periodMs: 0 } });
      lane.add('1', 'a1');
      await start();
      stopMoving();
      void work.drain(graceMs);
      expect(sink.texts).toEqual(graceMs > 0 ? [['a1']] : []);
    }
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
});
