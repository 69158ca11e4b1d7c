import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { describe, expect, it } from 'vitest';
import { toPromise, waitFor } from 'xstate';
import { ShutdownTimeoutError } from '../errors.ts';
import { readinessOf } from './readiness.ts';
import { FATAL, workerOf } from './testing/worker-rig.ts';
import { workerMachine } from './worker.machine.ts';

describe('workerMachine', () => {
  it('serves operations, connects, runs its parts, and ends when it is stopped', async () => {
    const { actor, calls, part } = workerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    expect(calls).toEqual(['serve', 'connect']);
    expect(Object.keys(actor.getSnapshot().children)).toEqual(['watch', 'ingress:a', 'ingress:b']);
    part('ingress:a').send({ type: 'opened' });

    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls.slice(2)).toEqual(['stop a', 'stop b']);
  });

  it('goes on for the shutdown delay, in which it is not ready', async () => {
    const { actor, clock, calls, part } = workerOf({ shutdownDelayMs: 5_000 });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    for (const id of ['ingress:a', 'ingress:b'] as const) part(id).send({ type: 'opened' });
    expect(readinessOf(actor.getSnapshot()).ready).toBe(true);

    actor.send({ type: 'shutdown.requested' });
    clock.increment(4_999);
    expect(calls).not.toContain('stop a');
    expect(readinessOf(actor.getSnapshot()).reasons).toEqual(['the worker is delaying']);
    clock.increment(1);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('is ready when Redis is connected and each part works, and says what is missing otherwise', async () => {
    const { actor, part, connection } = workerOf();
    expect(readinessOf(actor.getSnapshot()).reasons).toEqual(['the worker is starting', 'Redis is not connected']);
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    part('ingress:a').send({ type: 'opened' });
    expect(readinessOf(actor.getSnapshot()).reasons).toEqual(['ingress:b is opening']);
    part('ingress:b').send({ type: 'opened' });
    expect(readinessOf(actor.getSnapshot())).toEqual({
      ...{ ready: true, state: 'running', redis: true, reasons: [] },
      children: { 'ingress:a': { ready: true, state: 'working' }, 'ingress:b': { ready: true, state: 'working' } },
    });
    part('ingress:a').send({ type: 'failing' });
    connection.isReady = false;
    expect(readinessOf(actor.getSnapshot())).toMatchObject({ ready: false, reasons: ['Redis is not connected', 'ingress:a is opening'] });
  });

  it('says why a part is not ready while it tries again, and no longer once that is over', async () => {
    const { actor, part } = workerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    part('ingress:a').send({ type: 'opened' });
    part('ingress:b').send({ type: 'tried', attempt: 2, error: new TypeError('no AWS credentials from the environment') });
    expect(readinessOf(actor.getSnapshot()).reasons).toEqual([
      'ingress:b is opening: TypeError: no AWS credentials from the environment (INTERNAL)',
    ]);
    part('ingress:b').send({ type: 'tried', attempt: 0, error: new TypeError('no AWS credentials from the environment') });
    expect(readinessOf(actor.getSnapshot()).reasons).toEqual(['ingress:b is opening']);
  });

  it('stops the others when a part fails, and ends with its error', async () => {
    const { actor, calls, part } = workerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    part('ingress:a').send({ type: 'broke' });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: FATAL });
    expect(calls.slice(2)).toEqual(['stop b']);
  });

  it('stops the others when a part crashes', async () => {
    const { actor, calls, part } = workerOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    part('ingress:b').send({ type: 'crashed' });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: new TypeError('bug') });
    expect(calls.slice(2)).toEqual(['stop a']);
  });

  it('gives up parts that do not end in time', async () => {
    const { actor, clock } = workerOf({ deaf: ['b'] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('running'));
    actor.send({ type: 'shutdown.requested' });
    await waitFor(actor, (snapshot) => snapshot.matches('stopping') && Object.keys(snapshot.context.parts).length === 1);
    clock.increment(20_000);

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: new ShutdownTimeoutError(20_000, ['ingress:b']) });
  });

  it.each(['starting', 'connecting'] as const)('stops at once while it is %s', async (state) => {
    const { actor } = workerOf({ stuckIn: state });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches(state));
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
  });

  it.each(['starting', 'connecting'] as const)('fails when %s fails', async (state) => {
    const { actor } = workerOf({ failsIn: state });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error: FATAL });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(workerMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(workerMachine)).toMatchInlineSnapshot(`
      "worker --reload.requested--> stays
      worker --xstate.done.actor.*--> stays
      worker --xstate.error.actor.*--> stays
      worker --xstate.error--> stays
      starting --shutdown.requested--> stopped
      starting --xstate.done.actor--> connecting
      starting --xstate.error.actor--> failed
      connecting --shutdown.requested--> stopped
      connecting --xstate.done.actor--> running
      connecting --xstate.error.actor--> failed
      running --shutdown.requested [hasDelay]--> delaying
      running --shutdown.requested--> stopping
      running --always [isEnding]--> stopping
      steady --always [isReloadDue]--> loading
      loading --xstate.done [isUnchanged]--> steady
      loading --xstate.done--> replacing
      loading --xstate.error--> steady
      replacing --xstate.after.shutdownTimeout.worker--> stopping
      replacing --always [haveLeft]--> steady
      delaying --xstate.after.shutdownDelay--> stopping
      delaying --always [isEnding]--> stopping
      stopping --xstate.after.shutdownTimeout--> failed
      stopping --always [isFailed]--> failed
      stopping --always [isOver]--> stopped"
    `);
  });
});
