import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { KinesisAccessError, KinesisUnavailableError, type StreamDescription, StreamNotFoundError } from '@sluice/kinesis';
import { type Lease, LeaseLostError, LeaseRowError, StreamRecreatedError } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { createActor, createEmptyActor, SimulatedClock, toPromise, waitFor } from 'xstate';
import type { ShardReport } from '../shard-reader/shard-session.ts';
import { createFakeSession, type FakeSession } from '../testing/fake-session.ts';
import { streamReaderMachine } from './stream-reader.machine.ts';
import type { Reconciliation, StreamReport, StreamSource } from './stream-source.ts';

describe('streamReaderMachine', () => {
  it('lists the shards at its start, and again at each interval', async () => {
    const { actor, clock, reconciled, reports } = streamOf();
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    clock.increment(9_999);
    expect(reconciled()).toBe(1);
    clock.increment(1);
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    expect(reconciled()).toBe(2);
    expect(reports.map(({ type }) => type)).toEqual(['stream.opened', 'shards.reconciled', 'shards.reconciled']);
  });

  it('waits, without end, for a Kinesis that cannot be reached', async () => {
    const { actor, clock, reports } = streamOf({ faults: Array.from({ length: 20 }, unavailable) });
    actor.start();

    for (let attempt = 1; attempt <= 20; attempt++) {
      await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
      expect(actor.getSnapshot().hasTag('open')).toBe(false);
      clock.increment(10_000);
    }

    await waitFor(actor, (snapshot) => snapshot.hasTag('open'));
    expect(reports.filter(({ type }) => type === 'stream.failed')).toHaveLength(20);
  });

  it.each([
    ['an unknown stream', new StreamNotFoundError('why', {}, undefined)],
    ['wrong credentials', new KinesisAccessError('why', {}, undefined)],
    ['a bug', new TypeError('why')],
  ])('stops at its start on %s', async (_, error) => {
    const { actor } = streamOf({ faults: [error] });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error });
  });

  it('keeps its readers when the stream is refused later on', async () => {
    const refused = new StreamNotFoundError('why', {}, undefined);
    const { actor, clock, claim, readers } = streamOf({ faults: [undefined, refused] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    claim('shard-0', 1);
    clock.increment(10_000);

    await waitFor(actor, (snapshot) => snapshot.context.attempt === 1);
    expect([actor.getSnapshot().value, readers()]).toEqual(['watching', ['shard:shard-0#1']]);
  });

  it('stops, its readers first, when the stream turns out to be another of the same name', async () => {
    const { actor, clock, claim, released } = streamOf({ faults: [undefined, recreated()] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    for (const shardId of ['shard-0', 'shard-1']) claim(shardId, 1);
    clock.increment(10_000);

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(released).toEqual(['shard-0', 'shard-1']);
  });

  it('runs a reader for each lease, and ends it when the lease is lost or recalled', async () => {
    const { actor, claim, readers, ended } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    const [lost, recalled] = [claim('shard-0', 1), claim('shard-1', 4)];
    actor.send({ type: 'lease.lost', shardId: 'shard-0', lease: lost });
    claim('shard-0', 2);
    actor.send({ type: 'lease.recalled', shardId: 'shard-1', lease: recalled, successor: 'other' });

    await waitFor(actor, () => readers().length === 1);
    expect([readers(), ended()]).toEqual([['shard:shard-0#2'], ['shard-0 leaseLost', 'shard-1 shutdown']]);
  });

  it('lists the shards at once when one was read to its end', async () => {
    const { actor, reconciled, claim, sessionOf, readers } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    claim('shard-0', 1);
    sessionOf('shard-0').finish();

    await waitFor(actor, () => reconciled() === 2);
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    expect(readers()).toEqual([]);
  });

  it('continues when a reader fails on a bug, and stops when it fails on a known fatal error', async () => {
    const { actor, claim, sessionOf, ended, readers } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    claim('shard-0', 1);
    sessionOf('shard-0').fail(new TypeError('bug'));
    await waitFor(actor, () => readers().length === 0);
    expect(actor.getSnapshot().value).toBe('watching');
    claim('shard-0', 2);
    sessionOf('shard-0').fail(recreated());

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(ended()).toEqual(['shard-0 failed', 'shard-0 failed']);
  });

  it('ends its other readers, each giving its lease back, when one ends fatally, and keeps the first reason', async () => {
    const { actor, claim, sessionOf, ended, released } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    for (const shardId of ['shard-0', 'shard-1', 'shard-2']) claim(shardId, 1);
    sessionOf('shard-1').fail(recreated());
    sessionOf('shard-2').fail(new LeaseRowError('a checkpoint', ''));

    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(ended()).toHaveLength(3);
    expect(released.toSorted()).toEqual(['shard-0', 'shard-1', 'shard-2']);
  });

  it('releases the lease of a reader that breaks, and continues', async () => {
    const { actor, claim, sessionOf, ended, released, readers } = streamOf({ reportFault: new TypeError('bug in a report') });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    claim('shard-0', 1);
    sessionOf('shard-0').finish();

    await waitFor(actor, () => readers().length === 0);
    expect([actor.getSnapshot().status, ended(), released]).toEqual(['active', ['shard-0 failed'], ['shard-0']]);
  });

  it('stops once its readers have, and starts none meanwhile', async () => {
    const { actor, claim, ended } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    claim('shard-0', 1);
    actor.send({ type: 'shutdown.requested' });
    claim('shard-1', 1);

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(ended()).toEqual(['shard-0 shutdown']);
  });

  it('stops at once where it has no readers, even while it waits for Kinesis', async () => {
    const { actor } = streamOf({ faults: [unavailable()] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(streamReaderMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(streamReaderMachine)).toMatchInlineSnapshot(`
      "streamReader --lease.claimed--> stays
      streamReader --lease.recalled--> stays
      streamReader --lease.lost--> stays
      streamReader --xstate.done.actor.* [isFatalEnd]--> draining
      streamReader --xstate.done.actor.* [isReader]--> stays
      streamReader --xstate.error.actor.* [isReader]--> stays
      streamReader --shutdown.requested--> draining
      reconciling --xstate.done.actor--> watching
      reconciling --xstate.error.actor--> judging
      judging --always [isFatal]--> draining
      judging --always [isOpen]--> watching
      judging --always--> waiting
      waiting --xstate.after.backoff--> reconciling
      watching --xstate.done.actor.* [isShardEnd]--> reconciling
      watching --xstate.after.discoveryInterval--> reconciling
      draining --lease.claimed--> stays
      draining --shutdown.requested--> stays
      draining --xstate.done.actor.* [isReader]--> stays
      draining --always [hasFailed]--> failed
      draining --always [hasStopped]--> stopped"
    `);
  });
});

const unavailable = () => new KinesisUnavailableError('why', {}, undefined);

function recreated() {
  const identity = { streamArn: 'arn', streamCreatedAtMs: 1 };
  return new StreamRecreatedError('table', identity, { ...identity, streamCreatedAtMs: 2 });
}

const leaseOf = (shardId: string, number: number): Lease => ({
  ...{ key: shardId, token: { number, owner: 'me' }, epoch: 1, facts: { shardId } },
  ...{ remainingMs: () => 1, isHeld: () => true },
  assertHeld: () => {
    throw new LeaseLostError(shardId, 'why');
  },
});

interface StreamOptions {
  /** Thrown by the first lists, one each; `undefined` for one that succeeds. */
  readonly faults?: readonly (Error | undefined)[];
  /** Thrown when a reader reports a page. */
  readonly reportFault?: Error;
}

function streamOf({ faults = [], reportFault }: StreamOptions = {}) {
  const sessions = new Map<string, FakeSession>();
  const reports: StreamReport[] = [];
  const shardReports: Array<{ readonly shardId: string; readonly report: ShardReport }> = [];
  const released: string[] = [];
  const failing = [...faults];
  let reconciled = 0;
  const clock = new SimulatedClock();
  const source: StreamSource = {
    stream: 'orders',
    discoveryIntervalMs: 10_000,
    async reconcile() {
      reconciled++;
      const error = failing.shift();
      if (error) throw error;
      return nothingNew;
    },
    openShard: ({ shardId }) => sessionOf(shardId),
    release: async (lease) => void released.push(lease.key),
    report: (shardId, report) => {
      if (reportFault && report.type === 'page.read') throw reportFault;
      shardReports.push({ shardId, report });
    },
    reportStream: (report) => reports.push(report),
    random: () => 0.5,
    retries: {},
    clock,
  };
  const sessionOf = (shardId: string): FakeSession => {
    const session = sessions.get(shardId) ?? createFakeSession();
    sessions.set(shardId, session);
    return session;
  };
  const actor = createActor(streamReaderMachine, { clock, input: { source, ingress: createEmptyActor() } });
  return {
    ...{ actor, clock, reports, released, sessionOf },
    reconciled: () => reconciled,
    readers: () => Object.keys(actor.getSnapshot().context.readers),
    ended: () => shardReports.flatMap(({ shardId, report }) => (report.type === 'reader.ended' ? [`${shardId} ${report.reason}`] : [])),
    claim(shardId: string, number: number): Lease {
      const lease = leaseOf(shardId, number);
      sessions.delete(shardId);
      actor.send({ type: 'lease.claimed', shardId, lease });
      return lease;
    },
  };
}

const description: StreamDescription = {
  ...{ name: 'orders', arn: 'arn:aws:kinesis:local:000000000000:stream/orders', status: 'ACTIVE', createdAtMs: 1 },
  ...{ retentionHours: 24, openShardCount: 1, maxRecordBytes: 1_048_576, isAutoDistributed: false },
};

const nothingNew: Reconciliation = { identity: description, shards: 1, created: 0, pruned: 0, uncovered: [] };
