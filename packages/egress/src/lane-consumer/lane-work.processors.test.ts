import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { HeldChain } from '../testing/held-chain.ts';
import { settled } from '../testing/held-sink.ts';
import { workOf } from '../testing/lane-work-rig.ts';

describe('LaneWork, while processors wait', () => {
  it('hands back at a stop what still waits, and stores what was written meanwhile', async () => {
    const { chain, lane, sink, start, stopNow } = waitingWork();
    lane.add('1', 'a1', 'b1', 'a2');
    await start();
    await stopNow();
    expect([chain.texts, lane.waiting.map(({ id, indexes }) => [id, indexes])]).toEqual([[], [['1', [0, 1, 2]]]]);
    expect(sink.open).toEqual([]);
  });

  it('writes at a stop what its processors are done with in time', async () => {
    const { chain, lane, sink, start, work, stopMoving, clock } = waitingWork();
    lane.add('1', 'a1', 'b1');
    await start();
    stopMoving();
    const drained = work.drain(500);
    await settled();
    chain.open.find(({ text }) => text === 'b1')!.release();
    await settled();
    await sink.open[0]!.answer();
    clock.advance(500);
    await drained;
    expect([sink.written, lane.waiting.map(({ indexes }) => indexes)]).toEqual([['b1'], [[0]]]);
  });

  it('keeps the budget of a record until it is written, and gives it back with its lane', async () => {
    const { chain, lane, start, stopNow, budget } = waitingWork();
    lane.add('1', 'a1', 'b1');
    await start();
    for (const run of [...chain.open]) run.release();
    await settled();
    expect(budget.used.records).toBe(2);
    await stopNow();
    expect(budget.used.records).toBe(0);
  });

  it('sends and stores nothing of what ends after the lease was lost', async () => {
    const { chain, lane, sink, start, abandon, acksLost } = waitingWork();
    lane.add('1', 'a1', 'x1');
    await start();
    const runs = [...chain.open];
    abandon();
    for (const run of runs) run.release();
    await settled();
    expect([sink.open, lane.calls.includes('settle'), acksLost()]).toEqual([[], false, []]);
  });
});

function waitingWork() {
  const chain = new HeldChain(chainOf('root = if content().string().has_prefix("x") { deleted() }'));
  const rig = workOf({ processing: { records: chain, batches: undefined, refusesFailed: false } });
  /** Drains without grace, and does not wait for answers. */
  const stopNow = async () => {
    rig.stopMoving();
    const drained = rig.work.drain(0);
    for (const limitMs of [0, 1_500]) {
      await settled();
      rig.clock.advance(limitMs);
    }
    await drained;
  };
  return { chain, stopNow, ...rig };
}
