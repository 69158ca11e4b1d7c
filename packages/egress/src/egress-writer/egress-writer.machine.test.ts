import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { KinesisAccessError, KinesisUnavailableError, StreamNotFoundError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock, toPromise, transition, waitFor } from 'xstate';
import { egressWriterMachine, type ResolvedStream } from './egress-writer.machine.ts';
import { createEgressWriter } from './egress-writer.ts';

const stream: ResolvedStream = {
  stream: 'arn:aws:kinesis:us-east-1:000000000000:stream/out',
  maxRecordBytes: 1_048_576,
  isAutoDistributed: false,
};

describe('egressWriterMachine', () => {
  it('finds its stream, writes, and drains before it stops', async () => {
    const { actor, calls } = writerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('writing'));
    actor.send({ type: 'shutdown.requested' });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls).toEqual(['resolve', `start ${stream.stream}`, 'drain']);
  });

  it('waits for an endpoint that cannot be reached, longer each time, and says so', async () => {
    const { actor, clock, awaited } = writerOf([unreachable(), unreachable(), unreachable()]);
    actor.start();
    for (const pauseMs of [500, 1_000, 2_000]) {
      await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
      clock.increment(pauseMs - 1);
      expect(actor.getSnapshot().matches('waiting')).toBe(true);
      clock.increment(1);
    }

    await waitFor(actor, (snapshot) => snapshot.matches('writing'));
    expect(awaited).toEqual([1, 2, 3]);
  });

  it.each([
    new StreamNotFoundError('no such stream', { stream: 'out' }, undefined),
    new KinesisAccessError('UnrecognizedClientException', { stream: 'out' }, undefined),
    new TypeError('summary is undefined'),
  ])('fails at once while it starts on what waiting does not cure: %s', async (error) => {
    const { actor, calls } = writerOf([error]);

    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error });
    expect(calls).toEqual(['resolve']);
  });

  it('drains, then fails, when its lanes or its writer fail', async () => {
    const bug = new TypeError('results is undefined');
    const { actor, calls } = writerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('writing'));
    actor.send({ type: 'writer.failed', error: bug });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: bug });
    expect(calls.at(-1)).toBe('drain');
  });

  it.each(['resolving', 'waiting'] as const)('stops at once while %s', (value) => {
    const before = egressWriterMachine.resolveState({
      value,
      context: { egressId: 'out', stream: undefined, attempt: 1, error: unreachable() },
    });

    const [after] = transition(egressWriterMachine, before, { type: 'shutdown.requested' });

    expect(after.output).toEqual({ reason: 'stopped', error: undefined });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(egressWriterMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(egressWriterMachine)).toMatchInlineSnapshot(`
      "egressWriter --shutdown.requested--> stopped
      resolving --xstate.done.actor--> writing
      resolving --xstate.error.actor--> judging
      judging --always [isWorthWaiting]--> waiting
      judging --always--> failed
      waiting --xstate.after.backoff--> resolving
      writing --shutdown.requested--> draining
      writing --writer.failed--> draining
      writing --xstate.error.actor--> draining
      draining --shutdown.requested--> stays
      draining --xstate.done.actor--> ended
      draining --xstate.error.actor--> ended
      ended --always [hasError]--> failed
      ended --always--> stopped"
    `);
  });
});

const unreachable = () => new KinesisUnavailableError('connect ECONNREFUSED', { stream: 'out' }, undefined);

/** A writer whose stream is found after these errors. */
function writerOf(errors: Error[] = []) {
  const calls: string[] = [];
  const awaited: number[] = [];
  const clock = new SimulatedClock();
  const writer = createEgressWriter({
    resolveStream: async () => {
      calls.push('resolve');
      const error = errors.shift();
      if (error) throw error;
      return stream;
    },
    start: ({ stream: name }) => {
      calls.push(`start ${name}`);
    },
    drain: async () => {
      calls.push('drain');
    },
  });
  const actor = createActor(writer, { clock, input: { egressId: 'out' } });
  actor.on('start.awaited', ({ attempt }) => awaited.push(attempt));
  return { actor, clock, calls, awaited };
}
