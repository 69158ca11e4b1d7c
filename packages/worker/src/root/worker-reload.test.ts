import { describe, expect, it } from 'vitest';
import { toPromise, waitFor } from 'xstate';
import { ShutdownTimeoutError } from '../errors.ts';
import { FATAL, runningWorkerOf, workerOf } from './testing/worker-rig.ts';

describe('workerMachine with a new configuration', () => {
  it('stops what it changes or removes, then starts what it changes or adds; the rest goes on untouched', async () => {
    const { actor, calls, part, reports, loadsTo } = await runningWorkerOf();
    const untouched = part('ingress:a');
    loadsTo({ leaving: ['ingress:b'], starting: ['ingress:b', 'ingress:c'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => 'ingress:c' in snapshot.context.parts);

    expect([calls.slice(2), Object.keys(actor.getSnapshot().context.parts)]).toEqual([
      ['load', 'stop b'],
      ['ingress:a', 'ingress:b', 'ingress:c'],
    ]);
    expect(part('ingress:a')).toBe(untouched);
    expect(reports).toEqual([{ outcome: 'applied', stopped: ['ingress:b'], started: ['ingress:b', 'ingress:c'] }]);
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
  });

  it('starts nothing before all that leaves has left: it may need their leases', async () => {
    const { actor, part, loadsTo } = await runningWorkerOf({ deaf: ['b'] });
    loadsTo({ leaving: ['ingress:a', 'ingress:b'], starting: ['ingress:a', 'ingress:c'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => Object.keys(snapshot.context.parts).length === 1);
    expect(actor.getSnapshot().value).toEqual({ running: 'replacing' });
    part('ingress:b').send({ type: 'ended' });
    await waitFor(actor, (snapshot) => snapshot.matches({ running: 'steady' }));
    expect(Object.keys(actor.getSnapshot().context.parts)).toEqual(['ingress:a', 'ingress:c']);
  });

  it('goes on while every part is replaced', async () => {
    const { actor, loadsTo } = await runningWorkerOf();
    loadsTo({ leaving: ['ingress:a', 'ingress:b'], starting: ['ingress:c'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => 'ingress:c' in snapshot.context.parts);
    expect(actor.getSnapshot().value).toEqual({ running: 'steady' });
    expect(Object.keys(actor.getSnapshot().children)).toEqual(['watch', 'ingress:c']);
  });

  it('goes on as before when it is refused or says the same', async () => {
    const { actor, calls, reports, loadsTo } = await runningWorkerOf();
    loadsTo(FATAL);
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, () => reports.length === 1);
    loadsTo({ isUnchanged: true });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, () => reports.length === 2);
    expect(reports).toEqual([{ outcome: 'refused', error: FATAL }, { outcome: 'unchanged' }]);
    expect([calls.slice(2), actor.getSnapshot().value]).toEqual([['load', 'load'], { running: 'steady' }]);
  });

  it('takes its shutdown times from it', async () => {
    const { actor, clock, loadsTo, reports } = await runningWorkerOf();
    loadsTo({ shutdownDelayMs: 700 });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, () => reports.length === 1);
    actor.send({ type: 'shutdown.requested' });
    expect(actor.getSnapshot().value).toBe('delaying');
    clock.increment(700);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('remembers requests until it can serve them, and serves many as one', async () => {
    const { actor, calls, reports, loadsTo } = workerOf();
    loadsTo({ isUnchanged: true });
    actor.start();
    for (let request = 0; request < 3; request++) actor.send({ type: 'reload.requested' });
    await waitFor(actor, () => reports.length === 1);
    actor.send({ type: 'shutdown.requested' });
    await toPromise(actor);
    expect(calls.filter((call) => call === 'load')).toEqual(['load']);
  });

  it('gives up a part that does not leave in time, and ends with it', async () => {
    const { actor, clock, loadsTo } = await runningWorkerOf({ deaf: ['b'] });
    loadsTo({ leaving: ['ingress:b'], starting: ['ingress:b'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => snapshot.matches({ running: 'replacing' }));
    clock.increment(20_000);
    await waitFor(actor, (snapshot) => snapshot.matches('stopping') && !('ingress:a' in snapshot.context.parts));
    clock.increment(20_000);
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: new ShutdownTimeoutError(20_000, ['ingress:b']) });
  });

  it('stops as ever while parts are leaving, and asks none of them twice', async () => {
    const { actor, calls, part, loadsTo } = await runningWorkerOf({ deaf: ['b'] });
    loadsTo({ leaving: ['ingress:b'], starting: ['ingress:b'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => snapshot.matches({ running: 'replacing' }));
    actor.send({ type: 'shutdown.requested' });
    part('ingress:b').send({ type: 'ended' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(calls.slice(3)).toEqual(['stop a']);
  });

  it('ends when a part fails while it leaves', async () => {
    const { actor, part, loadsTo } = await runningWorkerOf({ deaf: ['b'] });
    loadsTo({ leaving: ['ingress:b'], starting: ['ingress:b'] });
    actor.send({ type: 'reload.requested' });
    await waitFor(actor, (snapshot) => snapshot.matches({ running: 'replacing' }));
    part('ingress:b').send({ type: 'broke' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: FATAL });
  });
});
