import { GuardFailedError } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { FakeLane } from '../testing/fake-lane.ts';
import { AwayError, CallFailedError, count, declaredStates, laneRig, settled } from '../testing/lane-rig.ts';

describe('the lane of a function', () => {
  it('calls each address with its messages, one request at a time, and sends what came meanwhile as one batch', async () => {
    const { start, add, open, callOf, lane } = laneRig();
    await start('a1', 'b2', 'a3');
    expect(open()).toEqual(['a1 a3', 'b2']);
    await add('a4', 'b5');
    await add('a6');
    expect(open()).toEqual(['a1 a3', 'b2']);

    await callOf('a').answer();
    expect(open()).toEqual(['b2', 'a4 a6']);
    expect(lane.left).toEqual(['b2', 'a4', 'b5', 'a6']);
    await callOf('b').answer();
    expect(open()).toEqual(['a4 a6', 'b5']);
    await callOf('a').answer();
    await callOf('b').answer();
    expect([open(), lane.left]).toEqual([[], []]);
  });

  it('sends at most as many messages in a request as the endpoint takes', async () => {
    const { start, open, callOf } = laneRig({ maxMessages: 2 });
    await start('a1', 'a2', 'a3');
    expect(open()).toEqual(['a1 a2']);
    await callOf('a').answer();
    expect(open()).toEqual(['a3']);
  });

  it('never has more requests open than there are slots', async () => {
    const { start, open, callOf } = laneRig({ maxInFlight: 2 });
    await start('a1', 'b1', 'c1', 'd1');
    expect(open()).toEqual(['a1', 'b1']);
    await callOf('b').answer();
    expect(open()).toEqual(['a1', 'c1']);
  });

  it('applies what a function answers in the same commit as the end of its messages', async () => {
    const { start, callOf, lane } = laneRig({ states: declaredStates('count') });
    await start('a1');
    lane.failNext(new GuardFailedError('guard', 1, 'edits'));
    await callOf('a').answer(count('1'));
    expect([lane.left, lane.effects.field('values:a', 'count')]).toEqual([['a1'], undefined]);

    const messages = [{ target: { namespace: 'ns', type: 'g', id: 'x' }, argument: Buffer.alloc(0) }];
    await callOf('a').answer({ ...count('1'), messages });
    expect([lane.left, lane.effects.field('values:a', 'count')]).toEqual([[], '1']);
    expect(lane.effects.sent.map(({ target }) => target)).toEqual(['ns/g']);
    expect(lane.commits).toEqual([{ jobs: 1, operations: 2 }]);
  });

  it('commits together what is answered while a commit is under way', async () => {
    const { start, callOf, lane } = laneRig();
    await start('a1', 'b1', 'c1', 'd1');
    const gate = Promise.withResolvers<void>();
    lane.gate = gate.promise;
    for (const id of ['a', 'b', 'c', 'd']) await callOf(id).answer();
    gate.resolve();
    await settled();
    expect(lane.commits.map(({ jobs }) => jobs)).toEqual([1, 1]);
    expect(lane.left).toEqual([]);
  });

  it('learns states when they are asked for, and attaches them from then on', async () => {
    const { start, add, callOf, storage } = laneRig();
    await start('a1');
    expect(callOf('a').states).toEqual({});
    await callOf('a').askFor({ name: 'count', typename: 't/int', expiration: { mode: 'none', afterMs: 0 } });
    expect(callOf('a').states).toEqual({ count: undefined });
    await callOf('a').answer(count('7'));
    await add('a2', 'b1');
    expect(callOf('a').states).toEqual({ count: '7' });
    expect(storage.reads.at(-1)).toEqual(['a', 'b']);
  });

  it('parks an address that asks for the same states again and again', async () => {
    const { start, callOf, reports, storage } = laneRig();
    await start('a1');
    const spec = { name: 'count', typename: 't/int', expiration: { mode: 'none', afterMs: 0 } } as const;
    for (let round = 0; round < 4; round++) await callOf('a').askFor(spec);
    expect(reports).toMatchObject([{ type: 'failed', verdict: 'park', reason: { code: 'FUNCTION_STATES_UNRESOLVED' } }]);
    expect(storage.rows()).toMatchObject({ a: { records: 1 } });
  });
});

describe('an address that fails', () => {
  it('is parked with its messages in order, and no other address waits', async () => {
    const { start, add, open, callOf, lane, storage, advance } = laneRig();
    await start('a1', 'b1');
    await add('a2');
    await callOf('a').fail(new CallFailedError('no'));
    await callOf('b').answer();
    await add('a3', 'b2');
    expect([open(), lane.left]).toEqual([['b2'], ['b2']]);
    expect(storage.rows()['a']).toMatchObject({ records: 3, parking: { attempts: 1, reason: { code: 'CALL_FAILED' } } });

    await advance(999);
    expect(open()).toEqual(['b2']);
    await advance(1);
    expect(open()).toEqual(['b2', 'a1 a2 a3']);
    await callOf('a').answer();
    expect([storage.rows(), lane.left]).toEqual([{}, ['b2']]);
    await add('a4');
    expect(open()).toEqual(['b2', 'a4']);
  });

  it('takes along what arrives while it is being parked, in order', async () => {
    const { start, add, advance, callOf, lane } = laneRig();
    await start('a1', 'a2');
    const gate = Promise.withResolvers<void>();
    lane.gate = gate.promise;
    await callOf('a').fail(new CallFailedError('away'));
    await add('a3');
    gate.resolve();
    await settled();
    await add('a4');
    expect(lane.left).toEqual([]);
    await advance(2_000);
    expect(callOf('a').texts).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('counts as parked also while it is tried again', async () => {
    const { start, callOf, open, advance, work } = laneRig();
    await start('a1');
    await callOf('a').fail(new CallFailedError('no'));
    await advance(1_000);
    expect([open(), work.parked]).toEqual([['a1'], 1]);
    await callOf('a').answer();
    expect(work.parked).toBe(0);
  });

  it('waits longer after each failure', async () => {
    const { start, callOf, open, advance, storage } = laneRig();
    await start('a1');
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      await callOf('a').fail(new CallFailedError('no'));
      const { retryAt } = storage.rows()['a']!.parking!;
      const pause: number = retryAt - 1_700_000_000_001 - pauses.reduce((sum, ms) => sum + ms, 0);
      pauses.push(pause);
      await advance(pause);
      expect(open()).toEqual(['a1']);
    }
    expect(pauses).toEqual([1_000, 1_500, 2_250, 3_375]);
  });

  it('is parked when its answer cannot be applied, and none of it is', async () => {
    const { start, callOf, lane, storage } = laneRig({ states: declaredStates('count') });
    await start('a1');
    await callOf('a').answer({
      ...count('1'),
      messages: [{ target: { namespace: 'ns', type: 'nobody', id: '' }, argument: Buffer.alloc(0) }],
    });
    expect(storage.rows()['a']).toMatchObject({ parking: { reason: { code: 'FUNCTION_ANSWER_INVALID' } } });
    expect([lane.effects.sent, lane.effects.field('values:a', 'count')]).toEqual([[], undefined]);
  });

  it('is parked alone where Redis refuses its token, and what was committed with it is applied', async () => {
    const { start, add, callOf, lane, storage } = laneRig();
    const later = (token: string) => ({
      delayed: [{ target: { namespace: 'ns', type: 'f', id: 'x' }, argument: Buffer.alloc(0), delayMs: 5, isCancellation: false, token }],
    });
    await start('a1', 'b1', 'a2', 'c1');
    await callOf('a').answer(later('t'));
    await add('a3');
    const gate = Promise.withResolvers<void>();
    lane.gate = gate.promise;
    await callOf('b').answer();
    await callOf('a').answer(later('t'));
    await callOf('c').answer();
    gate.resolve();
    await settled();
    expect([lane.effects.delayed.length, lane.left]).toEqual([1, []]);
    expect(storage.rows()).toMatchObject({ a: { records: 1, parking: { reason: { code: 'TOKEN_PENDING' } } } });
  });

  it('loses its first message to the dead letters where the configuration says so, after each was tried alone', async () => {
    const { start, add, open, callOf, lane } = laneRig({ onFailure: 'dead_letter' });
    await start('a1', 'a2', 'a3');
    await callOf('a').fail(new CallFailedError('no'));
    expect(open()).toEqual(['a1']);
    await callOf('a').answer();
    expect(open()).toEqual(['a2']);
    await callOf('a').fail(new CallFailedError('no'));
    expect(lane.deadLetters).toEqual([{ text: 'a2', code: 'CALL_FAILED' }]);
    expect([open(), lane.left]).toEqual([['a3'], ['a3']]);
    await callOf('a').answer();
    await add('a4', 'a5');
    expect(open()).toEqual(['a4 a5']);
  });
});

describe('an endpoint that is away', () => {
  it('makes no dead letters, whatever the configuration says: its addresses are parked', async () => {
    const { start, callOf, lane, storage } = laneRig({ onFailure: 'dead_letter' });
    await start('a1', 'a2');
    await callOf('a').fail(new AwayError('nobody listens'));
    expect(storage.rows()).toMatchObject({ a: { records: 2, parking: { reason: { code: 'AWAY' } } } });
    expect(lane.deadLetters).toEqual([]);
  });
});

describe('a lane that changes hands', () => {
  it('calls again what was not committed, and never what was', async () => {
    const lane = new FakeLane();
    const first = laneRig({ lane, states: declaredStates('count') });
    await first.start('a1', 'b1');
    await first.callOf('a').answer(count('1'));
    const late = first.callOf('b');
    first.stopMoving();
    first.abandon();
    expect(late.signal.aborted).toBe(true);

    const second = laneRig({ lane, states: declaredStates('count') });
    await second.start();
    expect(second.open()).toEqual(['b1']);
    await late.answer(count('1'));
    expect(lane.effects.field('values:b', 'count')).toBeUndefined();
    expect(first.weights.used).toEqual({ bytes: 0, records: 0 });
  });

  it('goes on with what is in the mailboxes', async () => {
    const lane = new FakeLane();
    const first = laneRig({ lane });
    await first.start('a1', 'a2');
    await first.callOf('a').fail(new CallFailedError('no'));
    first.stopMoving();
    first.abandon();
    // The same Redis: the fake keeps the mailboxes of its lane.
    const second = laneRig({ lane, storage: first.storage });
    await second.start('a3');
    expect(second.open()).toEqual([]);
    await second.advance(1_000);
    expect(second.open()).toEqual(['a1 a2 a3']);
  });

  it('gives up requests that are not answered in time, and leaves their messages in the lane', async () => {
    const { start, callOf, work, lane, clock, stopMoving, weights } = laneRig({ states: declaredStates('count') });
    await start('a1', 'b1', 'c1');
    stopMoving();
    const drained = work.drain();
    await settled();
    await callOf('a').answer(count('1'));
    const unanswered = callOf('b');
    clock.advance(1_400);
    await drained;
    await unanswered.answer(count('1'));
    expect([lane.left, lane.jobsInHand]).toEqual([['b1', 'c1'], 0]);
    expect([lane.effects.field('values:a', 'count'), lane.effects.field('values:b', 'count')]).toEqual(['1', undefined]);
    expect(weights.used).toEqual({ bytes: 0, records: 0 });
  });

  it('is taken over anew when an operator has changed a mailbox, and starts nothing under a lease that has ended', async () => {
    const { start, callOf, advance, lane, notices, lease, add, open } = laneRig();
    await start('a1');
    await callOf('a').fail(new CallFailedError('no'));
    lane.effects.set('state', 'edits', '1');
    await advance(250);
    await advance(250);
    await advance(250);
    await advance(250);
    expect(notices.at(-1)).toEqual({ type: 'lane.displaced' });
    lease.endsInMs = 0;
    await add('b1');
    expect(open()).toEqual(['a1']);
  });
});
