import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { KinesisAccessError, KinesisUnavailableError, StreamNotFoundError } from '@sluice/kinesis';
import type { LaneLeaseEvent, LaneNotice, LeasesCommand } from '@sluice/lane-consumer';
import type { Lease } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, SimulatedClock, toPromise, transition, waitFor } from 'xstate';
import type { WriterHealth } from '../egress-writer/record-writer.ts';
import { settled } from '../testing/held-sink.ts';
import type { DataPlane } from './data-plane.ts';
import { type EgressReport, egressMachine } from './egress.machine.ts';

describe('egressMachine', () => {
  it('finds its stream, works on the lanes it is given, and drains them before it stops', async () => {
    const { actor, calls, leases } = egressOf();
    await isOpen(actor);
    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    actor.send({ type: 'shutdown.requested' });
    expect(actor.getSnapshot().hasTag('ready')).toBe(false);

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls).toEqual([
      'open stream',
      'writer runs',
      'hold leases',
      'take over 3',
      'retire',
      'drain 3 within 400',
      'drop 3',
      'return 3',
      'close leases',
      'writer stops',
    ]);
  });

  it('gives a lane to the worker that waits for it, without haste', async () => {
    const { actor, calls, leases } = egressOf();
    await isOpen(actor);
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    leases.send({ type: 'lease.recalled', lane: 3, successor: 'worker-2' });
    await settled();

    expect(calls.slice(-3)).toEqual(['drain 3 within 0', 'drop 3', 'return 3 to worker-2']);
    expect(actor.getSnapshot().context.lanes.size).toBe(0);
  });

  it('drops what is in hand of a lane at once when its lease is lost, and may have the lane again', async () => {
    const { actor, calls, leases } = egressOf();
    await isOpen(actor);
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    leases.send({ type: 'lease.lost', lane: 3 });
    expect(calls.at(-2)).toBe('drop 3');
    leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });

    expect(calls.slice(-2)).toEqual(['return 3', 'take over 3']);
    expect(actor.getSnapshot().children['lane:3']).toBeDefined();
  });

  it('waits for an endpoint that cannot be reached, longer each time, and says so', async () => {
    const { actor, clock, reports } = egressOf({ errors: [unreachable(), unreachable(), unreachable()] });
    for (const pauseMs of [500, 750, 1_125]) {
      await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
      clock.increment(pauseMs - 1);
      expect(actor.getSnapshot().matches('waiting')).toBe(true);
      clock.increment(1);
    }

    await isOpen(actor);
    expect(reports.map((report) => report.type === 'egress.waiting' && report.attempt)).toEqual([1, 2, 3]);
  });

  it.each([
    new StreamNotFoundError('no such stream', { stream: 'out' }, undefined),
    new KinesisAccessError('UnrecognizedClientException', { stream: 'out' }, undefined),
    new TypeError('summary is undefined'),
  ])('fails at once while it starts on what waiting does not cure: %s', async (error) => {
    const { actor, calls } = egressOf({ errors: [error] });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error });
    expect(calls).toEqual(['open stream']);
  });

  it.each([
    ['its writer', ({ writer }: Egress, error: Error) => writer.report({ type: 'requests.broken', error })],
    ['its keeper of leases', ({ leases }: Egress, error: Error) => leases.send({ type: 'keeper.failed', error })],
    ['a lane', ({ lanes }: Egress, error: Error) => lanes.notify({ type: 'lane.failed', error })],
  ])('drains, then fails, when %s fails', async (_, fail) => {
    const bug = new TypeError('results is undefined');
    const egress = egressOf();
    await isOpen(egress.actor);
    egress.leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
    fail(egress, bug);

    await expect(toPromise(egress.actor)).resolves.toEqual({ reason: 'failed', error: bug });
    expect(egress.calls.slice(-2)).toEqual(['close leases', 'writer stops']);
  });

  it('gives back all leases when the consumer of a lane breaks', async () => {
    const { actor, calls, leases } = egressOf();
    await isOpen(actor);
    leases.send({ type: 'lease.claimed', lane: BROKEN_LANE, lease: lease(BROKEN_LANE) });

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: new Error('a bug') });
    expect(calls.slice(-4)).toEqual(['return 9', 'retire', 'close leases', 'writer stops']);
  });

  it('is not ready while every request fails for long, and is again once one is answered', async () => {
    const { actor, clock, writer, reports } = egressOf();
    await isOpen(actor);
    const error = unreachable();
    writer.report({ type: 'requests.failing', error });
    clock.increment(29_999);
    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
    clock.increment(1);
    expect(actor.getSnapshot().hasTag('ready')).toBe(false);
    writer.report({ type: 'requests.answered' });

    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
    expect(reports).toEqual([{ type: 'egress.failing', error }, { type: 'egress.recovered' }]);
  });

  it('gives its lanes to other workers when only it is cut off, and stands by longer each time', async () => {
    const { actor, clock, calls, leases, writer, reports } = egressOf();
    for (const restMs of [30_000, 45_000]) {
      await isOpen(actor);
      leases.send({ type: 'members.changed', members: 2 });
      leases.send({ type: 'lease.claimed', lane: 3, lease: lease(3) });
      writer.report({ type: 'requests.failing', error: unreachable() });
      clock.increment(30_000);
      await waitFor(actor, (snapshot) => snapshot.matches('standingBy'));
      expect(calls.slice(-5)).toEqual(['drain 3 within 0', 'drop 3', 'return 3', 'close leases', 'writer stops']);
      clock.increment(restMs - 1);
      expect(actor.getSnapshot().matches('standingBy')).toBe(true);
      clock.increment(1);
    }
    await isOpen(actor);
    clock.increment(120_000);

    expect(actor.getSnapshot().context.yields).toBe(0);
    expect(reports.filter(({ type }) => type === 'egress.yielded')).toHaveLength(2);
  });

  it('gives its lanes up as soon as another worker comes while it is cut off, but not before', async () => {
    const { actor, clock, leases, writer } = egressOf();
    await isOpen(actor);
    writer.report({ type: 'requests.failing', error: unreachable() });
    clock.increment(600_000);
    expect(actor.getSnapshot().matches({ open: { writing: 'failing' } })).toBe(true);
    leases.send({ type: 'members.changed', members: 2 });

    await waitFor(actor, (snapshot) => snapshot.matches('standingBy'));
  });

  it('goes on waiting for credentials that are refused once it has written', async () => {
    const refused = new KinesisAccessError('UnrecognizedClientException', { stream: 'out' }, undefined);
    const { actor, clock, leases, writer } = egressOf({ errors: [undefined, refused] });
    await isOpen(actor);
    leases.send({ type: 'members.changed', members: 2 });
    writer.report({ type: 'requests.failing', error: refused });
    clock.increment(30_000);
    await waitFor(actor, (snapshot) => snapshot.matches('standingBy'));
    clock.increment(30_000);

    await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
  });

  it.each(['resolving', 'waiting', 'standingBy'] as const)('stops at once while %s', (value) => {
    const before = egressMachine.resolveState({ value, context: { ...CONTEXT, error: unreachable() } });

    const [after] = transition(egressMachine, before, { type: 'shutdown.requested' });

    expect(after.output).toEqual({ reason: 'stopped', error: undefined });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(egressMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(egressMachine)).toMatchInlineSnapshot(`
      "egress --shutdown.requested--> stopped
      resolving --xstate.done.actor--> open
      resolving --xstate.error.actor--> judging
      judging --always [isWorthWaiting]--> waiting
      judging --always--> failed
      waiting --xstate.after.backoff--> resolving
      open --shutdown.requested--> draining
      open --writer.failed--> draining
      open --keeper.failed--> draining
      open --members.changed--> stays
      open --lease.claimed--> stays
      open --lease.recalled--> stays
      open --lease.lost--> stays
      open --xstate.done.actor.* [isLaneFailure]--> draining
      open --xstate.done.actor.*--> stays
      open --xstate.error.actor.*--> draining
      open --xstate.error--> draining
      open --xstate.error--> failed
      writing --xstate.error--> draining
      delivering --writer.failing--> failing
      delivering --xstate.after.proven.egress.open--> stays
      failing --writer.recovered--> delivering
      failing --always [hasOthers]--> draining
      draining --shutdown.requested--> stays
      draining --writer.failed--> stays
      draining --keeper.failed--> stays
      draining --always [hasNoLanes]--> closing
      closing --shutdown.requested--> stays
      closing --writer.failed--> stays
      closing --keeper.failed--> stays
      closing --leases.closed--> ended
      ended --always [isYielding]--> standingBy
      ended --always [hasError]--> failed
      ended --always--> stopped
      standingBy --xstate.after.rest--> resolving"
    `);
  });
});

/** Its consumer throws when it starts. */
const BROKEN_LANE = 9;

const CONTEXT = { plane: undefined, lanes: new Map(), members: 1, attempt: 1, yields: 0, isYielding: false, error: undefined };

type Egress = ReturnType<typeof egressOf>;

const unreachable = () => new KinesisUnavailableError('connect ECONNREFUSED', { stream: 'out' }, undefined);

const lease = (lane: number) => ({ key: `lane-${lane}` }) as Lease;

const isOpen = (actor: Egress['actor']) => waitFor(actor, (snapshot) => snapshot.matches({ open: 'writing' }));

/** A running egress whose stream is found after these errors. Its leases, its writer and its lanes say what the test says. */
function egressOf({ errors = [] }: { errors?: Array<Error | undefined> } = {}) {
  const calls: string[] = [];
  const reports: EgressReport[] = [];
  const clock = new SimulatedClock();
  const leases = { send: (_: LaneLeaseEvent) => {} };
  const writer = { report: (_: WriterHealth) => {} };
  const lanes = { notify: (_: LaneNotice) => {} };
  const plane = {
    writer: {
      run: (report: (health: WriterHealth) => void) => {
        calls.push('writer runs');
        writer.report = report;
        return () => calls.push('writer stops');
      },
    },
    openLane: (lane: number) => ({ lane, blockMs: 1_000, work: laneWork(lane) }),
  } as unknown as DataPlane;
  const laneWork = (lane: number) => ({
    hold: (notify: (notice: LaneNotice) => void) => {
      if (lane === BROKEN_LANE) throw new Error('a bug');
      lanes.notify = notify;
      return () => calls.push(`drop ${lane}`);
    },
    audit: () => new Promise<void>(() => {}),
    takeOver: () => {
      calls.push(`take over ${lane}`);
      return new Promise<number>(() => {});
    },
    drain: async (graceMs: number) => void calls.push(`drain ${lane} within ${graceMs}`),
  });
  const machine = egressMachine.provide({
    actors: {
      openStream: fromPromise<DataPlane>(async () => {
        calls.push('open stream');
        const error = errors.shift();
        if (error) throw error;
        return plane;
      }),
      leases: fromCallback<LeasesCommand>(({ sendBack, receive }) => {
        calls.push('hold leases');
        leases.send = sendBack;
        receive((command) => {
          if (command.type === 'lease.returned') {
            const { lease, successor } = command;
            calls.push(`return ${lease.key.slice('lane-'.length)}${successor === undefined ? '' : ` to ${successor}`}`);
          }
          if (command.type === 'retirement.requested') calls.push('retire');
          if (command.type === 'close.requested') {
            calls.push('close leases');
            sendBack({ type: 'leases.closed' });
          }
        });
      }),
      measureLanes: fromPromise<void>(() => new Promise(() => {})),
    },
    actions: { report: (_, report) => void reports.push(report) },
  });
  const actor = createActor(machine, { clock }).start();
  return { actor, clock, calls, reports, leases, writer, lanes };
}
