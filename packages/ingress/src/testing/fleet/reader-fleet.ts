/**
 * Workers that read one stream together: real lease keepers, stream readers, shard readers and feeds, above leases, a Kinesis and lanes in
 * memory. Each of them has a process of its own, which may stand still, die or lose its connection.
 */
import { defaultFanOut, defaultReaderSettings, type SourcePosition } from '@sluice/config';
import { silentLogger, WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { type KinesisPush, type KinesisSource, StreamNotFoundError } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { createLeaseKeeper, type LeaseKeeper, type ShardTable } from '@sluice/lease';
import { createMemoryLeases, type MemoryConnection } from '@sluice/lease/testing';
import { RedisEpochMovedError } from '@sluice/redis';
import type { SeededRandom } from '@sluice/testkit';
import { type ActorRefFrom, createActor, createEmptyActor } from 'xstate';
import { ShardExpiredError } from '../../errors.ts';
import { createLaneQueue } from '../../lanes/lane-queue.ts';
import { egressTarget } from '../../lanes/lane-target.ts';
import { PageBudget } from '../../shard-reader/page-budget.ts';
import { createStreamSource } from '../../stream-reader/create-stream-source.ts';
import { streamReaderMachine } from '../../stream-reader/stream-reader.machine.ts';
import { FREE_TURNS } from '../page-source-rig.ts';
import { ModelLanes } from './model-lanes.ts';
import { ProcessClock } from './process-clock.ts';
import { type Network, remote, travel } from './remote.ts';

/** Mistakes to plant, each of which a run must notice. */
export type Defect =
  /** A slice counts as enqueued before it is. */
  | 'answersEarly'
  | 'childrenAtOnce'
  | 'subscribesAtTip'
  | 'pollsFromTip'
  | 'overlooksChildren'
  /** A shard that the control plane does not know counts as expired. */
  | 'endsUnknownShards';

export interface FleetWorker {
  readonly clock: ProcessClock;
  readonly connection: MemoryConnection;
  readonly keeper: LeaseKeeper;
  readonly actor: ActorRefFrom<typeof streamReaderMachine>;
}

type KinesisCall = keyof (KinesisSource & KinesisPush);

const STREAM = 's';
const STREAM_ARN = `arn:aws:kinesis:local:000000000000:stream/${STREAM}`;
const CONSUMER = { streamArn: STREAM_ARN, name: 'app' };
const GROUP = 'group';
const TABLE = { key: 'table', group: GROUP, start: { kind: 'TRIM_HORIZON' } } as const;

export class ReaderFleet {
  readonly clock = new ManualClock();
  readonly kinesis = new FakeKinesis();
  readonly lanes = new ModelLanes((shardId) => ({ parents: this.#parentsOf(shardId), written: this.#written.get(shardId) ?? [] }));
  /** Shards that the control plane does not know yet. */
  readonly hidden = new Set<string>();
  /** The target is above its high water mark. */
  isFull = false;
  workers: FleetWorker[] = [];
  readonly #random: SeededRandom;
  readonly #defect: Defect | undefined;
  readonly #leases = createMemoryLeases(this.clock);
  readonly #written = new Map<string, string[]>();
  readonly #parents = new Map<string, readonly string[]>();
  readonly #faults: Array<{ readonly operation: KinesisCall; readonly error: unknown }> = [];
  #started = 0;
  #puts = 0;

  constructor(random: SeededRandom, shards: number, defect?: Defect) {
    this.#random = random;
    this.#defect = defect;
    this.kinesis.createStream(STREAM, shards);
  }

  /** Lets time pass, and what waits for nothing else happen. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(STEP_MS, left));
      for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
    }
  }

  /** Records under keys of their own, so that they come to all shards. */
  async put(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => ({ partitionKey: `key-${this.#puts++}`, data: Buffer.from('x') }));
    const { results } = await this.kinesis.putRecords({ stream: STREAM, records });
    for (const result of results) {
      if ('errorCode' in result) continue;
      const written = this.#written.get(result.shardId) ?? [];
      this.#written.set(result.shardId, written);
      written.push(result.sequenceNumber);
    }
  }

  /** @param isHidden the children are not known to the control plane at first */
  async reshard(isHidden: boolean): Promise<void> {
    const before = this.kinesis.shardIds(STREAM);
    const open = (await this.kinesis.listShards(STREAM)).filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined);
    const inOrder = open.toSorted((a, b) => (a.hashRange.start < b.hashRange.start ? -1 : 1));
    const at = this.#random.below(inOrder.length);
    const next = inOrder[at + 1];
    if (next && (inOrder.length > MOST_SHARDS || this.#random.chance(0.4))) {
      this.kinesis.mergeShards(STREAM, inOrder[at]!.shardId, next.shardId);
    } else this.kinesis.splitShard(STREAM, inOrder[at]!.shardId);
    const shards = await this.kinesis.listShards(STREAM);
    for (const { shardId, parentShardId, adjacentParentShardId } of shards)
      this.#parents.set(
        shardId,
        [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined),
      );
    // What the control plane does not know yet has no children that it knows.
    for (const shardId of this.kinesis.shardIds(STREAM)) {
      if (before.includes(shardId)) continue;
      if (isHidden || this.#parentsOf(shardId).some((parent) => this.hidden.has(parent))) this.hidden.add(shardId);
    }
  }

  /** Another reader subscribes with the same consumer to a shard that is subscribed to. */
  async displace(): Promise<void> {
    const { open } = this.kinesis.push;
    if (open.length === 0) return;
    const { shardId } = this.#random.pick(open);
    const { arn: consumerArn } = this.kinesis.push.find(CONSUMER);
    await this.kinesis.subscribeToShard({ stream: STREAM, shardId, consumerArn, position: { type: 'LATEST' } });
  }

  /** Makes the next call of a worker fail. */
  failNext(operation: KinesisCall, error: unknown): void {
    this.#faults.push({ operation, error });
  }

  start(): void {
    const name = `worker-${++this.#started}`;
    const clock = new ProcessClock(this.clock);
    const network: Network = { clock, random: this.#random };
    const connection = this.#leases.connect();
    const store = remote(connection.store, network, ['claim', 'pulse', 'survey', 'reportLoads', 'release', 'leave'], ['pulse', 'release']);
    const table = remote(this.#flawed(connection.table(TABLE)), network, TABLE_CALLS, ['create', 'checkpoint', 'end']);
    const turns = new Map<string, Promise<unknown>>();
    const targets = [egressTarget(this.#sender(connection, network))];
    const source = createStreamSource({
      ...{ stream: STREAM, target: 'out', shardIds: undefined, table, clock },
      kinesis: this.#kinesisOf(network),
      reader: {
        ...{ ...defaultReaderSettings, shardDiscoveryIntervalMs: 2_000, commitPeriodMs: this.#random.pick([0, 1_000]) },
        fanOut: { ...defaultFanOut, consumer: CONSUMER.name, position: {} as SourcePosition },
      },
      budget: new PageBudget({ bytes: 1e7, records: 1e5 }, clock),
      openings: new WeightedBudget({ bytes: 0, records: 16 }),
      batching: undefined,
      gathered: new WeightedBudget({ bytes: 0, records: 0 }),
      openTurns: () => FREE_TURNS,
      openQueue: ({ shardId, lease }) =>
        createLaneQueue({ targets, lease, turns, source: { stream: STREAM, shardId, token: lease.token } }),
      endShards: async () => undefined,
      release: (lease, options) => keeper.release(lease, options),
      report: () => undefined,
      onError: 'pass',
      storeRefused: async () => undefined,
      reportStream: () => undefined,
      random: this.#random.next,
    });
    const actor = createActor(streamReaderMachine, { clock, input: { source, ingress: createEmptyActor() } });
    const keeper = createLeaseKeeper({
      ...{ store, group: GROUP, worker: name, clock, logger: silentLogger },
      resources: async () => (await table.resources()).map((one) => (this.#defect === 'childrenAtOnce' ? { ...one, after: [] } : one)),
      emit: (event) => {
        if (clock.isDead || actor.getSnapshot().status !== 'active') return;
        if ('lease' in event) actor.send({ ...event, shardId: event.lease.facts['shardId']! });
      },
    });
    this.workers.push({ clock, connection, keeper, actor });
    actor.subscribe({
      complete: () => {
        const { reason, error } = actor.getSnapshot().output!;
        if (reason === 'failed') this.lanes.violations.push(`${name} failed: ${String(error)}`);
      },
    });
    actor.start();
    keeper.start();
  }

  /** What it does has no effect any more. Its connections stay as they are until somebody notices. */
  kill(worker: FleetWorker): void {
    worker.clock.kill();
    this.workers = this.workers.filter((each) => each !== worker);
  }

  /** As by SIGTERM. */
  stop(worker: FleetWorker): void {
    this.workers = this.workers.filter((each) => each !== worker);
    worker.actor.subscribe({ complete: () => void worker.keeper.stop() });
    if (worker.actor.getSnapshot().status === 'active') worker.actor.send({ type: 'shutdown.requested' });
  }

  /** What is still to be read, or to be ended. */
  unread(): readonly string[] {
    return this.kinesis.shardIds(STREAM).filter((shardId) => {
      const { length } = this.#written.get(shardId) ?? [];
      const isParent = [...this.#parents.values()].some((parents) => parents.includes(shardId));
      const row = this.#leases.rows.get(`${TABLE.key}:${shardId}`);
      return this.lanes.countOf(shardId) < length || (isParent && !row?.has('ended'));
    });
  }

  #parentsOf(shardId: string): readonly string[] {
    return this.#parents.get(shardId) ?? [];
  }

  #kinesisOf(network: Network): KinesisSource & KinesisPush {
    const { kinesis, hidden } = this;
    const isFlawed = (defect: Defect) => this.#defect === defect;
    const assertKnown = (shardId: string) => {
      if (hidden.has(shardId)) throw new StreamNotFoundError('no such shard', { shardId }, undefined);
    };
    const known: KinesisSource & KinesisPush = {
      describeStream: (stream) => kinesis.describeStream(stream),
      listShards: async (stream) =>
        (await kinesis.listShards(stream)).filter(
          ({ shardId }) => !hidden.has(shardId) && !(isFlawed('overlooksChildren') && this.#parentsOf(shardId).length > 0),
        ),
      getRecords: (input) => kinesis.getRecords(input),
      getShardIterator: async (input) => {
        if (isFlawed('endsUnknownShards') && hidden.has(input.shardId)) throw new ShardExpiredError(STREAM, input.shardId);
        assertKnown(input.shardId);
        return kinesis.getShardIterator(isFlawed('pollsFromTip') && isAfter(input) ? { ...input, position: { type: 'LATEST' } } : input);
      },
      findConsumer: (consumer) => kinesis.findConsumer(consumer),
      registerConsumer: (consumer) => kinesis.registerConsumer(consumer),
      subscribeToShard: async (input) => {
        assertKnown(input.shardId);
        return kinesis.subscribeToShard(isFlawed('subscribesAtTip') && isAfter(input) ? { ...input, position: { type: 'LATEST' } } : input);
      },
    };
    const failing = new Proxy(known, {
      get:
        (target, name: KinesisCall) =>
        async (...args: never[]) => {
          const at = this.#faults.findIndex(({ operation }) => operation === name);
          if (at >= 0) throw this.#faults.splice(at, 1)[0]!.error;
          return (target[name] as (...args: never[]) => Promise<unknown>)(...args);
        },
    });
    return remote(failing, network, Object.keys(known), []);
  }

  #sender({ store }: MemoryConnection, network: Network): Parameters<typeof egressTarget>[0] {
    const { lanes } = this;
    const assertAt = (epoch: number) => {
      if (epoch !== store.epoch || !store.isReady) throw new RedisEpochMovedError('memory', epoch, store.epoch);
    };
    return {
      ...{ target: 'out', layout: 'key', laneOf: () => 0, laneOfUtf8: () => 0 },
      barrier: () => ({ isPassed: async () => true }),
      pressure: async () => ({ records: 0, bytes: 0, isOverHighWater: this.isFull }),
      enqueue: async (batches, epoch) => {
        const arrive = async () => {
          await travel(network);
          assertAt(epoch);
          for (const batch of batches) lanes.push(batch);
          if (network.random.chance(0.05)) for (const batch of batches) lanes.push(batch);
        };
        if (this.#defect === 'answersEarly') return void arrive().catch(() => undefined);
        await arrive();
        await travel(network);
        assertAt(epoch);
      },
    };
  }

  #flawed(table: ShardTable): ShardTable {
    if (this.#defect === 'overlooksChildren')
      table.end = (
        (end) => (lease, from) =>
          end(lease, from, [])
      )(table.end.bind(table));
    return table;
  }
}

const STEP_MS = 100;
/** Open ones; beyond, they are merged. */
const MOST_SHARDS = 4;
const TABLE_CALLS = ['create', 'list', 'resources', 'checkpoint', 'end', 'prune'];

const isAfter = ({ position }: { readonly position: { readonly type: string } }): boolean => position.type === 'AFTER_SEQUENCE_NUMBER';
