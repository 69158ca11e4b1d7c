import { transitionTable, unreachableStates } from '@sluice/actor-kit/testing';
import { KinesisAccessError, KinesisUnavailableError, type StreamDescription, StreamNotFoundError } from '@sluice/kinesis';
import { type Lease, LeaseLostError, StreamRecreatedError } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, SimulatedClock, toPromise, waitFor } from 'xstate';
import type { ShardReaderOutput } from '../shard-reader/shard-reader.machine.ts';
import type { ReconcileOutput } from './reconcile-shards.ts';
import { type ShardReaderCommand, type ShardReaderTask, type StreamReaderEmitted, streamReaderMachine } from './stream-reader.machine.ts';

describe('streamReaderMachine', () => {
  it('lists the shards once the stream is known, and again at each interval', async () => {
    const { actor, clock, reconciled } = streamOf();
    actor.start();

    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    clock.increment(9_999);
    expect(reconciled()).toBe(1);
    clock.increment(1);
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    expect(reconciled()).toBe(2);
  });

  it('waits, for ever, for a Kinesis that cannot be reached', async () => {
    const { actor, clock, told } = streamOf({ descriptions: Array.from({ length: 20 }, unavailable) });
    actor.start();

    for (let attempt = 1; attempt <= 20; attempt++) {
      await waitFor(actor, (snapshot) => snapshot.matches('waiting'));
      clock.increment(10_000);
    }

    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    expect(told.filter(({ type }) => type === 'stream.failed')).toHaveLength(20);
  });

  it.each([
    ['an unknown stream', new StreamNotFoundError('why', {}, undefined)],
    ['wrong credentials', new KinesisAccessError('why', {}, undefined)],
    ['a bug', new TypeError('why')],
  ])('stops at its start on %s', async (_, error) => {
    const { actor } = streamOf({ descriptions: [error] });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error });
  });

  it('keeps its readers when the stream is refused later on', async () => {
    const refused = new StreamNotFoundError('why', {}, undefined);
    const { actor, clock, readers } = streamOf({ reconciliations: [none, refused] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    actor.send({ type: 'lease.claimed', shardId: 'shard-0', lease: leaseOf('shard-0', 1) });
    clock.increment(10_000);

    await waitFor(actor, (snapshot) => snapshot.context.attempt === 1);
    expect(actor.getSnapshot().value).toBe('watching');
    expect(readers()).toEqual(['shard-0#1 started']);
  });

  it('stops when the stream turns out to be another of the same name', async () => {
    const identity = { streamArn: 'arn', streamCreatedAtMs: 1 };
    const recreated = new StreamRecreatedError('table', identity, { ...identity, streamCreatedAtMs: 2 });
    const { actor } = streamOf({ reconciliations: [recreated] });
    await expect(toPromise(actor.start())).resolves.toEqual({ reason: 'failed', error: recreated });
  });

  it('runs a reader for each lease, and tells it when the lease is lost or recalled', async () => {
    const { actor, readers } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    for (const [shardId, number] of [
      ['shard-0', 1],
      ['shard-1', 4],
    ] as const) {
      actor.send({ type: 'lease.claimed', shardId, lease: leaseOf(shardId, number) });
    }
    actor.send({ type: 'lease.lost', shardId: 'shard-0', lease: leaseOf('shard-0', 1) });
    actor.send({ type: 'lease.claimed', shardId: 'shard-0', lease: leaseOf('shard-0', 2) });
    actor.send({ type: 'lease.recalled', shardId: 'shard-1', lease: leaseOf('shard-1', 4), successor: 'other' });

    expect(readers()).toEqual([
      'shard-0#1 started',
      'shard-1#4 started',
      'shard-0#1 lease.lost',
      'shard-0#2 started',
      'shard-1#4 shutdown.requested for other',
    ]);
  });

  it('lists the shards at once when one was read to its end', async () => {
    const { actor, reconciled, end } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    actor.send({ type: 'lease.claimed', shardId: 'shard-0', lease: leaseOf('shard-0', 1) });
    end('shard-0#1', { reason: 'shardEnd', checkpoint: { kind: 'SHARD_END' }, error: undefined });

    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    expect(reconciled()).toBe(2);
    expect(actor.getSnapshot().context.readers).toEqual({});
  });

  it('goes on when a reader fails on a bug, and stops when it fails on what we know to be hopeless', async () => {
    const { actor, told, end } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    for (const number of [1, 2]) actor.send({ type: 'lease.claimed', shardId: 'shard-0', lease: leaseOf('shard-0', number) });
    const failure = (error: unknown): ShardReaderOutput => ({ reason: 'failed', checkpoint: { kind: 'TRIM_HORIZON' }, error });
    end('shard-0#1', failure(new TypeError('bug')));
    expect(actor.getSnapshot().value).toBe('watching');
    const hopeless = new LeaseLostError('row', 'why');
    end('shard-0#2', failure(hopeless));

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: hopeless });
    expect(told.filter(({ type }) => type === 'reader.ended')).toHaveLength(2);
  });

  it('stops once its readers have, and starts none meanwhile', async () => {
    const { actor, readers, end } = streamOf();
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('watching'));
    actor.send({ type: 'lease.claimed', shardId: 'shard-0', lease: leaseOf('shard-0', 1) });
    actor.send({ type: 'shutdown.requested' });
    actor.send({ type: 'lease.claimed', shardId: 'shard-1', lease: leaseOf('shard-1', 1) });
    expect(actor.getSnapshot().value).toBe('draining');
    end('shard-0#1', { reason: 'shutdown', checkpoint: { kind: 'TRIM_HORIZON' }, error: undefined });

    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(readers()).toEqual(['shard-0#1 started', 'shard-0#1 shutdown.requested']);
  });

  it('stops at once where it has no readers, even while it waits for Kinesis', async () => {
    const { actor } = streamOf({ descriptions: [unavailable()] });
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
      streamReader --reader.ended [isFatalEnd]--> failed
      streamReader --reader.ended--> stays
      streamReader --shutdown.requested--> draining
      describing --xstate.done.actor--> reconciling
      describing --xstate.error.actor--> judging
      judging --always [isHopeless]--> failed
      judging --always--> waiting
      waiting --xstate.after.backoff--> describing
      reconciling --xstate.done.actor--> watching
      reconciling --xstate.error.actor--> doubting
      doubting --always [isFatal]--> failed
      doubting --always--> watching
      watching --reader.ended [isShardEnd]--> reconciling
      watching --xstate.after.discoveryInterval--> reconciling
      draining --lease.claimed--> stays
      draining --shutdown.requested--> stays
      draining --always [hasNoReaders]--> stopped"
    `);
  });
});

const none: ReconcileOutput = { shards: 1, created: 0, pruned: 0, uncovered: [] };

const unavailable = () => new KinesisUnavailableError('connect ECONNREFUSED', {}, undefined);

const leaseOf = (shardId: string, number: number): Lease => ({
  ...{ key: `table:${shardId}`, token: { number, owner: 'me' }, epoch: 1, facts: { shardId, checkpoint: 'TRIM_HORIZON' } },
  ...{ remainingMs: () => 5_000, isHeld: () => true, assertHeld: () => undefined },
});

interface StreamOptions {
  /** Thrown by the first descriptions, one each. */
  readonly descriptions?: readonly Error[];
  /** Answered, or thrown, by the first reconciliations, one each. */
  readonly reconciliations?: ReadonlyArray<ReconcileOutput | Error>;
}

/** A stream reader whose shard readers do nothing but note what they are told, until `end` ends them. */
function streamOf({ descriptions = [], reconciliations = [] }: StreamOptions = {}) {
  const [describing, reconciling] = [[...descriptions], [...reconciliations]];
  const noted: string[] = [];
  const told: StreamReaderEmitted[] = [];
  const ends = new Map<string, (output: ShardReaderOutput) => void>();
  let reconciled = 0;
  const machine = streamReaderMachine.provide({
    actors: {
      describeStream: fromPromise<StreamDescription, { stream: string }>(async ({ input }) => {
        const fault = describing.shift();
        if (fault) throw fault;
        return { ...description, name: input.stream };
      }),
      reconcileShards: fromPromise<ReconcileOutput, { identity: StreamDescription }>(async () => {
        reconciled++;
        const answer = reconciling.shift() ?? none;
        if (answer instanceof Error) throw answer;
        return answer;
      }),
      shardReader: fromCallback<ShardReaderCommand, ShardReaderTask & { readonly readerId: string }>(({ input, sendBack, receive }) => {
        const { readerId, shardId } = input;
        noted.push(`${readerId} started`);
        ends.set(readerId, (output) => sendBack({ type: 'reader.ended', readerId, shardId, output }));
        receive((command) => noted.push(`${readerId} ${command.type}${'successor' in command ? ` for ${command.successor}` : ''}`));
      }),
    },
  });
  const clock = new SimulatedClock();
  const actor = createActor(machine, { clock, input: { stream: 'orders', discoveryIntervalMs: 10_000, random: () => 0.5 } });
  actor.on('*', (event) => told.push(event));
  return {
    actor,
    clock,
    told,
    readers: () => noted,
    reconciled: () => reconciled,
    end: (id: string, output: ShardReaderOutput) => ends.get(id)!(output),
  };
}

const description: StreamDescription = {
  ...{ name: 'orders', arn: 'arn:aws:kinesis:local:000000000000:stream/orders', status: 'ACTIVE', createdAtMs: 1 },
  ...{ retentionHours: 24, openShardCount: 1, maxRecordBytes: 1_048_576, isAutoDistributed: false },
};
