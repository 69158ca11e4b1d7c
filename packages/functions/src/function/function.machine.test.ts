import { unreachableStates } from '@sluice/actor-kit/testing';
import type { LaneLeaseEvent, LaneNotice, LaneWork, LeasesCommand } from '@sluice/lane-consumer';
import type { Lease } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import { AwayError, settled } from '../testing/lane-rig.ts';
import { functionMachine, type OpenLane } from './function.machine.ts';

describe('functionMachine', () => {
  it('opens its lanes, works on those it is given, and drains them before it stops', async () => {
    const { actor, calls, leases } = functionOf();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls).toEqual(['open', 'hold leases', 'take over 3', 'retire', 'drain 3', 'drop 3', 'return 3', 'close leases']);
  });

  it('gives a lane to the worker that waits for it, and drops one whose lease is lost', async () => {
    const { actor, calls, leases } = functionOf();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    leases.send({ type: 'lease.recalled', lane: 3, successor: 'worker-2' });
    await settled();
    expect(calls.slice(-3)).toEqual(['drain 3', 'drop 3', 'return 3 to worker-2']);
    leases.send({ type: 'lease.claimed', lane: 4, lease: lease(4) });
    leases.send({ type: 'lease.lost', lane: 4 });
    expect(calls.slice(-3)).toEqual(['take over 4', 'drop 4', 'return 4']);
    expect(actor.getSnapshot().context.lanes.size).toBe(0);
  });

  it('waits for a Redis that is away, longer each time, and fails on what waiting does not cure', async () => {
    const { actor, clock, waits } = functionOf([new AwayError('away'), new AwayError('away'), new TypeError('a bug')]);
    for (const pauseMs of [500, 750]) {
      await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
      clock.increment(pauseMs);
    }
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: new TypeError('a bug') });
    expect(waits).toEqual([1, 2]);
  });

  it('drains, then fails, when a lane fails for good', async () => {
    const { actor, calls, leases, lanes } = functionOf();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    lanes.notify({ type: 'lane.failed', error: new TypeError('a bug') });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: new TypeError('a bug') });
    expect(calls.slice(-3)).toEqual(['return 3', 'retire', 'close leases']);
  });

  it('has no state that nothing leads to', () => {
    expect(unreachableStates(functionMachine)).toEqual([]);
  });
});

const lease = (lane: number) => ({ key: `lane-${lane}` }) as Lease;

function functionOf(errors: Error[] = []) {
  const calls: string[] = [];
  const waits: number[] = [];
  const clock = new SimulatedClock();
  const leases = { send: (_: LaneLeaseEvent) => {} };
  const lanes = { notify: (_: LaneNotice) => {} };
  const workOf = (lane: number) =>
    ({
      hold: (notify) => {
        lanes.notify = notify;
        return () => calls.push(`drop ${lane}`);
      },
      audit: () => new Promise<void>(() => {}),
      takeOver: () => {
        calls.push(`take over ${lane}`);
        return new Promise<number>(() => {});
      },
      drain: async () => void calls.push(`drain ${lane}`),
    }) as Partial<LaneWork> as LaneWork;
  const machine = functionMachine.provide({
    actors: {
      openFunction: fromPromise<OpenLane>(async () => {
        calls.push('open');
        const error = errors.shift();
        if (error) throw error;
        return (lane) => ({ lane, work: workOf(lane), blockMs: 1_000 });
      }),
      leases: fromCallback<LeasesCommand>(({ sendBack, receive }) => {
        calls.push('hold leases');
        leases.send = sendBack;
        receive((command) => {
          if (command.type === 'lease.returned') {
            const to = command.successor === undefined ? '' : ` to ${command.successor}`;
            calls.push(`return ${command.lease.key.slice('lane-'.length)}${to}`);
          }
          if (command.type === 'retirement.requested') calls.push('retire');
          if (command.type !== 'close.requested') return;
          calls.push('close leases');
          sendBack({ type: 'leases.closed' });
        });
      }),
      measureLanes: fromPromise<void>(() => new Promise(() => {})),
    },
    actions: { reportWaiting: (_, { attempt }) => void waits.push(attempt) },
  });
  return { actor: createActor(machine, { clock }).start(), clock, calls, waits, leases, lanes };
}
