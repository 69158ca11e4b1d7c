import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import type { StreamDescription } from '@sluice/kinesis';
import { type Lease, StreamRecreatedError } from '@sluice/lease';
import { RedisReplyLostError } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import type { StreamSource } from '../stream-reader/stream-source.ts';
import { createFakeSession, type FakeSession } from '../testing/fake-session.ts';
import { type IngressSource, ingressMachine, type ShardLeaseEvent } from './ingress.machine.ts';

describe('ingressMachine', () => {
  it('is ready once all its streams are known', async () => {
    const known = Promise.withResolvers<void>();
    const { actor } = ingressOf({ streams: ['orders', 'returns'], known: { returns: known.promise } });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.context.opened === 1);
    expect(actor.getSnapshot().hasTag('ready')).toBe(false);
    known.resolve();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
  });

  it('tries again when Redis fails while it opens', async () => {
    const { actor, clock } = ingressOf({ openFaults: [new RedisReplyLostError('redis://here', undefined)] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
    clock.increment(1_000);
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
  });

  it('fails at once on what no retry can fix', async () => {
    const error = new TypeError('bug');
    const { actor } = ingressOf({ openFaults: [error] });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error });
  });

  it('passes leases on to the stream that they are of, whose readers are its children', async () => {
    const { actor, claim } = ingressOf({ streams: ['orders', 'returns'] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    claim('returns', 'shard-0');
    expect(childrenOf(actor.getSnapshot().children['stream:orders'])).toEqual([]);
    expect(childrenOf(actor.getSnapshot().children['stream:returns'])).toEqual(['shard:shard-0#1']);
  });

  it('is not ready and stands aside while no shard can be read', async () => {
    const { actor, reads, happened } = ingressOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    reads(true);
    expect(actor.getSnapshot().hasTag('ready')).toBe(false);
    reads(false);
    expect(actor.getSnapshot().hasTag('ready')).toBe(true);
    expect(happened).toEqual(['leasing started', 'stands aside', 'stands aside no longer']);
  });

  it('ends its readers and gives the leases back before it stops', async () => {
    const { actor, claim, happened } = ingressOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    claim('orders', 'shard-0');
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect([happened.toSorted(), happened.at(-1)]).toEqual([['closed', 'leasing started', 'retired', 'shard-0 released'], 'closed']);
  });

  it('ends every stream, and gives the leases back, when one fails', async () => {
    const { actor, claim, happened, sessions } = ingressOf({ streams: ['orders', 'returns'] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    claim('orders', 'shard-0');
    claim('returns', 'shard-1');
    const identity = { streamArn: 'arn', streamCreatedAtMs: 1 };
    sessions.get('shard-1')!.fail(new StreamRecreatedError('table', identity, { ...identity, streamCreatedAtMs: 2 }));
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(happened.toSorted()).toEqual(['closed', 'leasing started', 'retired', 'shard-0 released', 'shard-1 released']);
    expect(happened.at(-1)).toBe('closed');
  });

  it('waits for the other stream when one fails, also where it has left the group of workers before that', async () => {
    const released = Promise.withResolvers<void>();
    const { actor, claim, happened, sessions } = ingressOf({ streams: ['orders', 'returns'], releasing: { 'shard-0': released.promise } });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    claim('orders', 'shard-0');
    claim('returns', 'shard-1');
    const identity = { streamArn: 'arn', streamCreatedAtMs: 1 };
    sessions.get('shard-1')!.fail(new StreamRecreatedError('table', identity, { ...identity, streamCreatedAtMs: 2 }));
    await waitFor(actor, (snapshot) => snapshot.children['retire']?.getSnapshot().status !== 'active' && happened.includes('retired'));
    expect(Object.keys(actor.getSnapshot().context.streams)).toEqual(['stream:orders']);
    released.resolve();
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(happened.slice(-2)).toEqual(['shard-0 released', 'closed']);
  });

  it('fails when its leases cannot be kept', async () => {
    const { actor, send } = ingressOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.hasTag('ready'));
    const error = new TypeError('bug');
    send({ type: 'keeper.failed', error });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error });
  });

  it('stops while it waits for Redis', async () => {
    const { actor } = ingressOf({ openFaults: [new RedisReplyLostError('redis://here', undefined)] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'stopped' });
  });

  it('has no state that nothing reaches', () => {
    expect(unreachableStates(ingressMachine)).toEqual([]);
  });

  it('keeps its transition table', () => {
    expect(transitionTable(ingressMachine)).toMatchInlineSnapshot(`
      "opening --shutdown.requested--> stopped
      opening --xstate.done.actor--> open
      opening --xstate.error.actor--> judging
      judging --always [canRetry]--> waiting
      judging --always--> failed
      waiting --shutdown.requested--> stopped
      waiting --xstate.after.backoff--> opening
      open --lease.claimed--> stays
      open --lease.recalled--> stays
      open --lease.lost--> stays
      open --stream.opened--> stays
      open --keeper.failed--> draining
      open --xstate.done.actor.* [isFailedStream]--> draining
      open --xstate.error.actor.* [isStream]--> draining
      open --shutdown.requested--> draining
      connecting --always [isConnected]--> reading
      reading --reads.failing--> failing
      failing --reads.recovered--> reading
      draining --shutdown.requested--> stays
      draining --keeper.failed--> stays
      draining --xstate.done.actor.* [isStream]--> stays
      draining --xstate.error.actor.* [isStream]--> stays
      draining --always [isDrained]--> closing
      closing --xstate.done.actor [isFailed]--> failed
      closing --xstate.done.actor--> stopped
      closing --xstate.error.actor--> failed"
    `);
  });
});

const childrenOf = (actor: { getSnapshot(): object } | undefined): string[] => {
  const { children } = actor!.getSnapshot() as { children: Record<string, unknown> };
  return Object.keys(children).filter((id) => id.startsWith('shard:'));
};

interface IngressOptions {
  readonly streams?: readonly string[];
  /** Resolves once a stream is known. */
  readonly known?: Readonly<Record<string, Promise<void>>>;
  readonly openFaults?: readonly Error[];
  /** The lease of a shard is given back once this resolves. */
  readonly releasing?: Readonly<Record<string, Promise<void>>>;
}

function ingressOf({ streams = ['orders'], known = {}, openFaults = [], releasing = {} }: IngressOptions = {}) {
  const happened: string[] = [];
  const sessions = new Map<string, FakeSession>();
  const faults = [...openFaults];
  let send: (event: ShardLeaseEvent) => void = () => undefined;
  let reads: (isFailing: boolean) => void = () => undefined;

  const streamSource = (stream: string): StreamSource => ({
    stream,
    discoveryIntervalMs: 10_000,
    async reconcile() {
      await known[stream];
      return { identity: {} as StreamDescription, shards: 1, created: 0, pruned: 0, uncovered: [] };
    },
    openShard({ shardId }) {
      const session = createFakeSession();
      sessions.set(shardId, session);
      return session;
    },
    async release({ key }) {
      await releasing[key];
      happened.push(`${key} released`);
    },
    report: () => undefined,
    reportStream: () => undefined,
    random: () => 0.5,
    retries: {},
    clock: new SimulatedClock(),
  });
  const source: IngressSource = {
    streams: streams.map(streamSource),
    startLeasing(receive) {
      happened.push('leasing started');
      send = receive;
    },
    retire: async () => void happened.push('retired'),
    watchReads(report) {
      reads = report;
      return () => undefined;
    },
    standAside() {
      happened.push('stands aside');
      return () => void happened.push('stands aside no longer');
    },
    [Symbol.asyncDispose]: async () => void happened.push('closed'),
  };
  const openIngress = fromPromise(async () => {
    const fault = faults.shift();
    if (fault) throw fault;
    return source;
  });
  const clock = new SimulatedClock();
  const actor = createActor(ingressMachine.provide({ actors: { openIngress } }), { clock });
  return {
    ...{ actor, clock, happened, sessions },
    send: (event: ShardLeaseEvent) => send(event),
    reads: (isFailing: boolean) => reads(isFailing),
    claim(stream: string, shardId: string) {
      const lease = { key: shardId, token: { number: 1, owner: 'me' }, facts: { shardId } } as unknown as Lease;
      send({ type: 'lease.claimed', stream, shardId, lease });
    },
  };
}
