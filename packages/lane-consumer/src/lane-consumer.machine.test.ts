import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock, toPromise, transition, waitFor } from 'xstate';
import { laneConsumerMachine } from './lane-consumer.machine.ts';
import type { LaneNotice, SpentBudget } from './lane-notice.ts';

describe('laneConsumerMachine', () => {
  it('takes the lane over, then moves records until it must give the lane back', async () => {
    const { actor, calls } = consumerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    actor.send({ type: 'release.requested', graceMs: 400 });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'released', lane: 3, error: undefined });
    expect(calls).toEqual(['takeOver', 'move', 'stopped', 'drain 400', 'dropped']);
  });

  it('waits out a block that an earlier owner left', async () => {
    const { actor, clock, calls } = consumerOf({ blockedForMs: [700, 0] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('blocked'));
    clock.increment(699);
    expect(actor.getSnapshot().matches('blocked')).toBe(true);
    clock.increment(1);

    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    expect(calls).toEqual(['takeOver', 'takeOver', 'move']);
  });

  it('hands back and blocks the lane when its budget is spent, then goes on', async () => {
    const { actor, clock, calls } = consumerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    actor.send({ type: 'budget.spent', spent });
    await waitFor(actor, (snapshot) => snapshot.matches('blocked'));
    clock.increment(5_000);

    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    expect(calls).toEqual(['takeOver', 'move', 'stopped', 'hand back: KINESIS_THROTTLED for 5000', 'takeOver', 'move']);
  });

  it('gives back what it has in hand when other lanes keep it from being sent, and takes it again at once', async () => {
    const { actor, calls } = consumerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    actor.send({ type: 'lane.displaced' });
    await waitFor(actor, (snapshot) => snapshot.matches('moving') && calls.length > 4);

    expect(calls).toEqual(['takeOver', 'move', 'stopped', 'give back', 'takeOver', 'move']);
  });

  it('takes the lane over again after a failure, waiting longer each time until records move', async () => {
    const busy = new BusyError('redis is busy');
    const { actor, clock, calls } = consumerOf({ takeOverErrors: [busy, busy, undefined, busy] });
    actor.start();
    for (const backoffMs of [150, 225]) {
      await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
      clock.increment(backoffMs - 1);
      expect(actor.getSnapshot().matches('backingOff')).toBe(true);
      clock.increment(1);
    }
    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    actor.send({ type: 'lane.moved' });
    actor.send({ type: 'lane.failed', error: busy });
    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    clock.increment(150);
    await new Promise(setImmediate);

    expect(calls).toEqual(['takeOver', 'takeOver', 'takeOver', 'move', 'stopped', 'takeOver']);
  });

  it('blocks a lane whose next job cannot be read, and says why', async () => {
    const { actor, calls } = consumerOf({ moveErrors: [new PayloadMissing('job 7 has no payload')] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('blocked'));

    expect(calls).toEqual(['takeOver', 'move', 'hand back: PAYLOAD_MISSING for 5000']);
  });

  it('fails, without another try, on an error it does not know', async () => {
    const bug = new TypeError('jobs is not iterable');
    const { actor } = consumerOf({ moveErrors: [bug] });

    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', lane: 3, error: bug });
  });

  it('ends although the rest could not be handed back', async () => {
    const { actor, calls } = consumerOf({ drainError: new BusyError('redis is busy') });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('moving'));
    actor.send({ type: 'release.requested', graceMs: 0 });

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'released' });
    expect(calls.at(-1)).toBe('dropped');
  });

  it.each(['takingOver', 'moving', 'handingBack', 'givingBack', 'blocked', 'backingOff', 'draining'] as const)(
    'ends when the lease is lost while %s',
    (value) => {
      const before = laneConsumerMachine.resolveState({ value, context });

      const [after] = transition(laneConsumerMachine, before, { type: 'lease.lost' });

      expect(after.output).toEqual({ reason: 'leaseLost', lane: 3, error: undefined });
    },
  );

  it.each(['takingOver', 'moving', 'handingBack', 'givingBack', 'blocked', 'backingOff'] as const)(
    'drains when it is asked to while %s',
    (value) => {
      const before = laneConsumerMachine.resolveState({ value, context });

      const [after] = transition(laneConsumerMachine, before, { type: 'release.requested', graceMs: 400 });

      expect([after.value, after.context.graceMs]).toEqual(['draining', 400]);
    },
  );

  it('is not kept from draining by a failure or a second request', () => {
    const before = laneConsumerMachine.resolveState({ value: 'draining', context });
    for (const event of [
      { type: 'lane.failed', error: new Error('late') },
      { type: 'release.requested', graceMs: 0 },
    ] as const) {
      expect(transition(laneConsumerMachine, before, event)[0].value).toBe('draining');
    }
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(laneConsumerMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(laneConsumerMachine)).toMatchInlineSnapshot(`
      "laneConsumer --lease.lost--> leaseLost
      laneConsumer --release.requested--> draining
      laneConsumer --lane.failed--> recovering
      laneConsumer --xstate.error--> recovering
      takingOver --xstate.done.actor--> sorting
      takingOver --xstate.error.actor--> recovering
      sorting --always [isBlocked]--> blocked
      sorting --always--> moving
      moving --budget.spent--> handingBack
      moving --lane.displaced--> givingBack
      moving --lane.moved--> stays
      moving --xstate.error.actor--> recovering
      handingBack --xstate.done.actor--> blocked
      handingBack --xstate.error.actor--> recovering
      givingBack --xstate.done.actor--> takingOver
      givingBack --xstate.error.actor--> recovering
      blocked --xstate.after.block--> takingOver
      recovering --always [isUnreadable]--> handingBack
      recovering --always [isRetryable]--> backingOff
      recovering --always--> failed
      backingOff --xstate.after.backoff--> takingOver
      draining --release.requested--> stays
      draining --lane.failed--> stays
      draining --xstate.done.actor--> released
      draining --xstate.error.actor--> released"
    `);
  });
});

const spent: SpentBudget = { reason: { code: 'KINESIS_THROTTLED', disposition: 'retry', message: 'slow down', details: {} }, attempts: 3 };

const context = { lane: 3, work: workOf([]), blockMs: 5_000, attempt: 0, error: undefined, spent, blockedForMs: 1_000, graceMs: 0 };

class BusyError extends SluiceError {
  readonly code = 'REDIS_BUSY';
  readonly disposition = 'retry';
}

class PayloadMissing extends SluiceError {
  readonly code = 'PAYLOAD_MISSING';
  readonly disposition = 'retry';
}

interface Story {
  blockedForMs?: number[];
  takeOverErrors?: Array<Error | undefined>;
  moveErrors?: Error[];
  drainError?: Error;
}

/** A consumer of lane 3 that notes what it does. */
function consumerOf(story: Story = {}) {
  const calls: string[] = [];
  const clock = new SimulatedClock();
  const actor = createActor(laneConsumerMachine, { clock, input: { lane: 3, work: workOf(calls, story), blockMs: 5_000 } });
  return { actor, clock, calls };
}

function workOf(calls: string[], { blockedForMs = [], takeOverErrors = [], moveErrors = [], drainError }: Story = {}) {
  return {
    hold: (_: (notice: LaneNotice) => void) => () => void calls.push('dropped'),
    audit: () => new Promise<void>(() => undefined),
    takeOver: async () => {
      calls.push('takeOver');
      const error = takeOverErrors.shift();
      if (error) throw error;
      return blockedForMs.shift() ?? 0;
    },
    move: (signal: AbortSignal) => {
      calls.push('move');
      const error = moveErrors.shift();
      if (error) return Promise.reject(error);
      return new Promise<never>(() => signal.addEventListener('abort', () => calls.push('stopped')));
    },
    handBack: async ({ reason }: SpentBudget, forMs: number) => {
      calls.push(`hand back: ${reason.code} for ${forMs}`);
    },
    giveBack: async () => {
      calls.push('give back');
    },
    drain: async (graceMs: number) => {
      calls.push(`drain ${graceMs}`);
      if (drainError) throw drainError;
    },
  };
}
