import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import { httpFrontMachine } from './http-front.machine.ts';

describe('httpFrontMachine', () => {
  it('waits for a port that is in use, and closes it at shutdown', async () => {
    const { actor, clock, calls } = frontOf([new Error('in use'), undefined]);
    await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
    clock.increment(5_000);
    await waitFor(actor, (snapshot) => snapshot.matches('serving'));
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls).toEqual(['open', 'report in use 1', 'open', 'close']);
  });

  it.each(['opening', 'waiting'] as const)('stops at once while %s', async (state) => {
    const { actor } = frontOf([new Error('in use')]);
    await waitFor(actor, (snapshot) => snapshot.matches(state));
    actor.send({ type: 'shutdown.requested' });

    expect(actor.getSnapshot().status).toBe('done');
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(httpFrontMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(httpFrontMachine)).toMatchInlineSnapshot(`
      "opening --shutdown.requested--> stopped
      opening --xstate.done.actor--> serving
      opening --xstate.error.actor--> waiting
      waiting --shutdown.requested--> stopped
      waiting --xstate.after.pause--> opening
      serving --shutdown.requested--> closing
      closing --xstate.done.actor--> stopped
      closing --xstate.error.actor--> stopped"
    `);
  });
});

/** A running front whose port opens after these errors. */
function frontOf(errors: Array<Error | undefined>) {
  const calls: string[] = [];
  const clock = new SimulatedClock();
  const machine = httpFrontMachine.provide({
    actors: {
      openServer: fromPromise<AsyncDisposable>(async () => {
        calls.push('open');
        const error = errors.shift();
        if (error) throw error;
        return { [Symbol.asyncDispose]: async () => undefined };
      }),
      closeServer: fromPromise<void, { server: AsyncDisposable }>(async () => void calls.push('close')),
    },
    actions: { report: (_, { error, attempt }) => void calls.push(`report ${(error as Error).message} ${attempt}`) },
  });
  const actor = createActor(machine, { clock }).start();
  return { actor, clock, calls };
}
