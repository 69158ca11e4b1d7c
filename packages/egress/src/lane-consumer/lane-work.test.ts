import { describe, expect, it } from 'vitest';
import { settled } from '../testing/held-sink.ts';
import { RefusedError, THROTTLED, workOf } from '../testing/lane-work-rig.ts';

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

  it('takes many small jobs in one call', async () => {
    const { lane, start } = workOf({ expectedJob: { bytes: 100_000, records: 100 } });
    for (let id = 1; id <= 30; id++) lane.add(String(id), `k${id}`);
    await start();
    expect(lane.inHand).toHaveLength(30);
    expect(lane.calls.slice(0, 3)).toEqual(['takeOver', 'take', 'take']);
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
