import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import type { Lease } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import { deadLettersMachine } from './dead-letters.machine.ts';
import type { SenderLeaseCommand, SenderLeaseEvent } from './sender/sender-lease.ts';

describe('deadLettersMachine', () => {
  it('sends while there is more, rests, and looks again; only with the lease', async () => {
    const { actor, clock, lease, sends } = machineOf([{ isMore: true }, { isMore: false }, { isMore: false }]);
    expect(sends()).toBe(0);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'resting');
    expect(sends()).toBe(2);
    clock.increment(999);
    expect(sends()).toBe(2);
    clock.increment(1);
    expect(sends()).toBe(3);
  });

  it('backs off longer each time the output fails, stays ready, and says when it works again', async () => {
    const { actor, clock, lease, sends, reports } = machineOf([new Error('a'), new Error('b'), { isMore: false }]);
    lease({ type: 'lease.claimed', lease: LEASE });
    for (const pauseMs of [500, 750]) {
      const before = sends();
      await isIn(actor, 'recovering');
      expect(actor.getSnapshot().hasTag('ready')).toBe(true);
      clock.increment(pauseMs - 1);
      expect(sends()).toBe(before);
      clock.increment(1);
    }
    await isIn(actor, 'resting');
    expect(reports).toEqual(['watch runs', 'failing 1', 'failing 2', 'recovered']);
  });

  it('sends nothing where dead letters have no output, and watches over them all the same', async () => {
    const { actor, lease, sends, reports } = machineOf([], { hasOutput: false });
    lease({ type: 'lease.claimed', lease: LEASE });
    expect([actor.getSnapshot().value, sends(), reports]).toEqual([{ holding: 'off' }, 0, ['watch runs']]);
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('watches over them also while the output fails, as long as it has the lease', async () => {
    const { actor, lease, reports } = machineOf([new Error('a')]);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'recovering');
    expect(reports).toEqual(['watch runs', 'failing 1']);
    lease({ type: 'lease.lost' });
    expect(reports.at(-1)).toBe('watch stops');
  });

  it('stops at once where it rests, and gives the lease back', async () => {
    const { actor, lease, commands, reports } = machineOf([{ isMore: false }]);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'resting');
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect([commands, reports]).toEqual([['close.requested'], ['watch runs', 'watch stops', 'output closed']]);
  });

  it.each([
    ['until they are confirmed', true],
    ['for a second at most', false],
  ])('waits for letters under way when it stops, %s', async (_, isConfirmed) => {
    const answer = Promise.withResolvers<{ isMore: boolean }>();
    const { actor, clock, lease } = machineOf([answer.promise]);
    lease({ type: 'lease.claimed', lease: LEASE });
    actor.send({ type: 'shutdown.requested' });
    clock.increment(999);
    expect(actor.getSnapshot().status).toBe('active');
    if (isConfirmed) answer.resolve({ isMore: true });
    else clock.increment(1);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('gives the lease to the worker that is to have it, and takes it again', async () => {
    const { actor, lease, commands, sends } = machineOf([{ isMore: false }, { isMore: false }]);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'resting');
    lease({ type: 'lease.recalled', successor: 'worker-2' });
    expect([actor.getSnapshot().value, commands]).toEqual(['standingBy', ['lease.returned to worker-2']]);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'resting');
    expect(sends()).toBe(2);
  });

  it('drops what is under way when the lease is lost', async () => {
    const signals: AbortSignal[] = [];
    const { actor, lease, commands } = machineOf([new Promise(() => undefined)], { onSignal: (signal) => void signals.push(signal) });
    lease({ type: 'lease.claimed', lease: LEASE });
    lease({ type: 'lease.lost' });
    expect([actor.getSnapshot().value, signals[0]!.aborted, commands]).toEqual(['standingBy', true, []]);
  });

  it('fails when its keeper of leases does, after it has given back what it holds', async () => {
    const { actor, lease, commands } = machineOf([{ isMore: false }]);
    lease({ type: 'lease.claimed', lease: LEASE });
    await isIn(actor, 'resting');
    const error = new TypeError('a bug');
    lease({ type: 'keeper.failed', error });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error });
    expect(commands).toEqual(['close.requested']);
  });

  it('has no state that nothing leads to', () => {
    expect(unreachableStates(deadLettersMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(deadLettersMachine)).toMatchInlineSnapshot(`
      "deadLetters --shutdown.requested--> stays
      deadLetters --keeper.failed--> stays
      deadLetters --xstate.error--> stays
      standingBy --lease.claimed--> holding
      standingBy --always [isStopping]--> closing
      holding --lease.lost--> standingBy
      holding --lease.recalled--> stays
      holding --xstate.error--> stays
      choosing --always [hasOutput]--> delivering
      choosing --always--> off
      off --always [isLeaving]--> leaving
      delivering --xstate.done [hasFailedBefore]--> sorting
      delivering --xstate.done--> sorting
      delivering --xstate.error--> recovering
      working --always [isLeaving]--> finishing
      finishing --xstate.after.grace.deadLetters.holding--> leaving
      sorting --always [isLeaving]--> leaving
      sorting --always [isMore]--> delivering
      sorting --always--> resting
      resting --xstate.after.rest.deadLetters--> delivering
      resting --always [isLeaving]--> leaving
      recovering --xstate.after.backoff.deadLetters--> delivering
      recovering --always [isLeaving]--> leaving
      leaving --always [isStopping]--> closing
      leaving --always--> standingBy
      closing --lease.closed [isFailed]--> failed
      closing --lease.closed--> stopped"
    `);
  });
});

const LEASE = {} as Lease;

type Actor = ReturnType<typeof machineOf>['actor'];
type Answer = { readonly isMore: boolean } | Error | Promise<{ readonly isMore: boolean }>;

const isIn = (actor: Actor, sending: 'resting' | 'recovering') => waitFor(actor, (snapshot) => snapshot.matches({ holding: sending }));

interface Setting {
  readonly hasOutput?: boolean;
  readonly onSignal?: (signal: AbortSignal) => void;
}

function machineOf(answers: Answer[], { hasOutput = true, onSignal }: Setting = {}) {
  const clock = new SimulatedClock();
  const commands: string[] = [];
  const reports: string[] = [];
  let sends = 0;
  let lease: (event: SenderLeaseEvent) => void = () => undefined;
  const machine = deadLettersMachine.provide({
    actors: {
      senderLease: fromCallback<SenderLeaseCommand>(({ sendBack, receive }) => {
        lease = sendBack;
        receive((command) => {
          commands.push(command.type === 'lease.returned' ? `${command.type} to ${command.successor}` : command.type);
          if (command.type === 'close.requested') sendBack({ type: 'lease.closed' });
        });
      }),
      sendLetters: fromPromise(async ({ signal }) => {
        onSignal?.(signal);
        const answer = answers[sends++]!;
        if (answer instanceof Error) throw answer;
        return answer;
      }),
      letterWatch: fromPromise<void>(({ signal }) => {
        reports.push('watch runs');
        signal.addEventListener('abort', () => void reports.push('watch stops'));
        return new Promise(() => undefined);
      }),
    },
    guards: { hasOutput: () => hasOutput },
    actions: {
      reportFailing: (_, { attempt }) => void reports.push(`failing ${attempt}`),
      reportRecovered: () => void reports.push('recovered'),
      closeOutput: () => void reports.push('output closed'),
    },
  });
  const actor = createActor(machine, { clock }).start();
  return {
    actor,
    clock,
    commands,
    reports,
    sends: () => sends,

    lease: (event: SenderLeaseEvent) => lease(event),
  };
}
