import { unreachableStates } from '@sluice/actor-kit/testing';
import type { FiredMessages } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import { AwayError } from '../testing/lane-rig.ts';
import { timersMachine } from './timers.machine.ts';

describe('timersMachine', () => {
  it('looks again when the next message is due, at once where more is due, and at the latest after 200 ms', async () => {
    const { actor, clock, looks } = timersOf([
      { fired: 1_000, nextInMs: 0 },
      { fired: 3, nextInMs: 50 },
      { fired: 0, nextInMs: 9_000 },
      { fired: 0, nextInMs: undefined },
    ]);
    await resting(actor, looks, 2);
    clock.increment(49);
    expect(looks()).toBe(2);
    clock.increment(1);
    await resting(actor, looks, 3);
    clock.increment(199);
    expect(looks()).toBe(3);
    clock.increment(1);
    await resting(actor, looks, 4);
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
  });

  it('is not ready while Redis does not answer, and tries again after longer and longer pauses', async () => {
    const { actor, clock, looks } = timersOf([new AwayError('away'), new AwayError('away'), { fired: 0, nextInMs: undefined }]);
    for (const pauseMs of [100, 150]) {
      await waitFor(actor, (snapshot) => snapshot.matches('recovering'));
      expect(actor.getSnapshot().hasTag('ready')).toBe(false);
      clock.increment(pauseMs);
    }
    await resting(actor, looks, 3);
    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
  });

  it('has no state that nothing leads to', () => {
    expect(unreachableStates(timersMachine)).toEqual([]);
  });
});

type Actor = ReturnType<typeof timersOf>['actor'];

const resting = (actor: Actor, looks: () => number, count: number) =>
  waitFor(actor, (snapshot) => snapshot.matches('resting') && looks() === count);

function timersOf(answers: (FiredMessages | Error)[]) {
  let looks = 0;
  const clock = new SimulatedClock();
  const machine = timersMachine.provide({
    actors: {
      fireDelayed: fromPromise<FiredMessages>(async () => {
        const answer = answers[looks++]!;
        if (answer instanceof Error) throw answer;
        return answer;
      }),
    },
  });
  return { actor: createActor(machine, { clock }).start(), clock, looks: () => looks };
}
