/** A real Redis, an emulator and a sender of records around egress-workers, for integration tests. */
import { randomUUID } from 'node:crypto';
import { type Clock, type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisSource } from '@sluice/kinesis';
import { type KinesisEmulatorOptions, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { type LaneSender, openLaneSender } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisProxy } from '@sluice/redis/testing';
import type { TelemetryEvent } from '@sluice/telemetry';
import { type NodeProcess, startRedisServer, until as untilTrue } from '@sluice/testkit';
import type { CompiledEgress } from '../compile/compiled-egress.ts';
import { type EgressContext, openEgress } from '../open-egress.ts';
import { egressOf, LANES, TARGET } from './egress.ts';
import { recordOf, textOf } from './fake-lane.ts';
import { type RunningEgresses, runEgresses } from './run-egresses.ts';
import { spawnWorker } from './spawn-worker.ts';
import type { WorkerProcessArguments } from './worker-process.ts';

export interface TestWorker extends RunningEgresses {
  readonly events: TelemetryEvent[];
  readonly session: RedisSession;
}

interface WorkerOptions {
  readonly workerId?: string;
  /** Of Kinesis. */
  readonly endpoint?: string;
  readonly clock?: Clock;
  readonly lease?: WorkerProcessArguments['lease'];
  /** Whether Kinesis is known to enforce its quotas. */
  readonly hasQuotas?: boolean;
  readonly openLargeRecords?: EgressContext['openLargeRecords'];
}

const LEASE = { ttlMs: 5_000, renewIntervalMs: 1_000 };

export type Rig = Awaited<ReturnType<typeof startRig>>;

export async function startRig(options: KinesisEmulatorOptions = {}) {
  const disposer = new AsyncDisposableStack();
  const redis = disposer.use(await startRedisServer());
  const emulator = disposer.use(await startKinesisEmulator({ streams: { out: 4 }, quotas: false, ...options }));
  const proxy = disposer.use(await startRedisProxy(redis.url));
  const connect = async (url = redis.url) => disposer.use(await connectRedis({ url }, { logger: silentLogger, clock: systemClock }));
  const session = await connect();
  const sender = await openLaneSender({ session, target: TARGET, lanes: LANES, clock: systemClock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const reader = disposer.use(createKinesisClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials }));
  const workers: TestWorker[] = [];
  disposer.defer(async () => {
    for (const worker of workers) worker.stop();
    await Promise.allSettled(workers.map(({ ended }) => ended));
  });

  return {
    redis,
    emulator,
    session,
    sender,
    /** Of Kinesis, without a worker. */
    client: reader,
    openSender: (target: string) => openLaneSender({ session, target, lanes: 16, clock: systemClock }),
    readRecords: async (stream: string) =>
      (await readRecords(reader, stream)).map((record) => ({ partitionKey: record.partitionKey, text: textOf(record) })),
    /** The data of all records of a stream, each shard in its order. */
    readData: async (stream: string) => (await readRecords(reader, stream)).map(({ data }) => data),
    /** The texts of all records of the stream, each shard in its order. */
    readAll: async () => (await readRecords(reader, 'out')).map(textOf),
    /** Between Redis and the workers of this process. */
    proxy,
    /** Starts a worker in this process. */
    startWorker: async (
      egress: Partial<CompiledEgress> = {},
      {
        workerId = `worker-${workers.length}`,
        endpoint = emulator.endpoint,
        clock = systemClock,
        lease = LEASE,
        hasQuotas = false,
        openLargeRecords,
      }: WorkerOptions = {},
    ): Promise<TestWorker> => {
      const openSink = async () => createKinesisClient({ region: 'us-east-1', endpoint, credentials });
      const events: TelemetryEvent[] = [];
      const own = await connect(proxy.url);
      const logic = openEgress(egressOf(egress), openSink, {
        session: own,
        keyPrefix: 'sluice',
        worker: workerId,
        lease,
        hasQuotas,
        openLargeRecords,
        clock,
        logger: silentLogger,
        telemetry: { emit: (event) => void events.push(event) },
        random: Math.random,
      });
      const worker = runEgresses([logic], clock);
      const test = { ...worker, events, session: own };
      workers.push(test);
      worker.ended.catch(() => undefined);
      return test;
    },
    /** Starts a worker in a process of its own, which dies with the rig. */
    spawnWorker: (settings: Partial<WorkerProcessArguments> = {}): NodeProcess => {
      const workerId = `process-${randomUUID().slice(0, 8)}`;
      const process = spawnWorker({ redisUrl: redis.url, endpoint: emulator.endpoint, workerId, egress: {}, lease: LEASE, ...settings });
      disposer.defer(() => process.kill());
      return process;
    },
    [Symbol.asyncDispose]: () => disposer.disposeAsync(),
  };
}

async function readRecords(source: KinesisSource, stream: string): Promise<SluiceRecord[]> {
  const records: SluiceRecord[] = [];
  for (const { shardId } of await source.listShards(stream)) {
    let iterator: string | null = await source.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });
    while (iterator) {
      const page = await source.getRecords({ stream, shardId, iterator, limit: 10_000 });
      records.push(...page.recordsAfter().take());
      iterator = page.rawCount === 0 ? null : page.nextIterator;
    }
  }
  return records;
}

/** What is wrong with what arrived, when `perKey` records of each key were fed: records missing, repeated, or first seen out of order. */
export function audit(texts: readonly string[], { keys, perKey }: { keys: number; perKey: number }) {
  const seen = new Map<string, number>();
  let repeated = 0;
  let outOfOrder = 0;
  const highest = new Map<string, number>();
  for (const text of texts) {
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    if (count > 1) repeated++;
    const [key, number] = [text.slice(0, text.indexOf('-')), Number(text.slice(text.indexOf('-') + 1))];
    if (count === 1 && number < (highest.get(key) ?? -1)) outOfOrder++;
    highest.set(key, Math.max(number, highest.get(key) ?? -1));
  }
  return { missing: keys * perKey - seen.size, repeated, outOfOrder };
}

/** Records without an answer, and such whose lane's lease ran out before Redis knew of them, as a worker counted them: they may be written twice. */
export const ambiguousOf = ({ events }: TestWorker): number =>
  events.reduce((sum, event) => (event.type === 'request.ambiguous' || event.type === 'ack.lost' ? sum + event.records : sum), 0);

/** Resolves once `isTrue` holds. */
export const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => void (await untilTrue(String(isTrue), isTrue));

/** Puts `perKey` records of each key into the lanes of their keys, in jobs of `perJob`. The text of a record is its key and its number. */
export async function feed(
  sender: LaneSender,
  { keys, perKey, perJob = 100 }: { keys: number; perKey: number; perJob?: number },
): Promise<number> {
  const pending = new Map<number, string[]>();
  const flush = async (lane: number, texts: string[]) => {
    pending.delete(lane);
    await sender.enqueue([{ lane, records: texts.map(recordOf) }], sender.session.epoch);
  };
  for (let number = 0; number < perKey; number++) {
    for (let key = 0; key < keys; key++) {
      const lane = sender.laneOf(`k${key}-`);
      const texts = pending.get(lane) ?? [];
      texts.push(`k${key}-${number}`);
      pending.set(lane, texts);
      if (texts.length === perJob) await flush(lane, texts);
    }
  }
  for (const [lane, texts] of pending) await flush(lane, texts);
  return keys * perKey;
}
