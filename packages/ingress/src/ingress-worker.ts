import { type Ingress, refusalsOf, type SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient } from '@sluice/kinesis';
import { type LaneSender, openLaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { NothingToReadError, UnsupportedIngressError, WorkerStoppedLateError } from './errors.ts';
import { type IngressReader, startIngress } from './ingress/ingress-reader.ts';
import { ByteBudget } from './shard-reader/byte-budget.ts';

export interface IngressWorkerOptions {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random?: () => number;
}

/** A worker that reads every ingress of a configuration. */
export interface IngressWorker extends AsyncDisposable {
  /** Rejects where the worker cannot go on; resolves once it was stopped. */
  readonly done: Promise<void>;
  readiness(): { readonly isReady: boolean; readonly facts: Readonly<Record<string, unknown>> };
  /**
   * Stops taking, finishes what is in hand and gives the leases back.
   * @throws {WorkerStoppedLateError} that took longer than configured; what was in hand is read again by others
   */
  stop(): Promise<void>;
}

/** All pages in memory together. Four full shards, at five pages a second each, so read 30 MB/s within 256 MiB. */
const PAGE_BUDGET_BYTES = 12 * 1024 * 1024;

/**
 * Starts to read. Resolves before Kinesis was reached: that may take for ever, and is told in the log.
 * @throws {UnsupportedIngressError | NothingToReadError} the configuration asks for what no worker does
 * @throws {LaneCountMismatchError} a target was first used with another number of lanes
 */
export async function startIngressWorker(options: IngressWorkerOptions): Promise<IngressWorker> {
  const { config, session, env, logger, clock, random = Math.random } = options;
  const [refusal] = refusalsOf(config, 'ingress-worker');
  if (refusal) throw new UnsupportedIngressError(refusal);
  if (config.ingresses.length === 0) throw new NothingToReadError();
  const { settings } = config;
  const keyPrefix = settings.redis.prefix;
  const senders = await openSenders(options);
  const budget = new ByteBudget(PAGE_BUDGET_BYTES, clock);
  await using stack = new AsyncDisposableStack();
  const readers: IngressReader[] = [];
  for (const ingress of config.ingresses) {
    const client = await createAwsClientSettings(ingress.aws, { env, clock, logger });
    const kinesis = stack.use(createKinesisClient(client));
    const senderOf = (egressId: string) => senders.get(egressId)!;
    readers.push(startIngress({ ...options, ingress, kinesis, keyPrefix, senderOf, leaseTimes: settings.lease, budget, random }));
  }
  const clients = stack.move();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= withinTime(Promise.all(readers.map((reader) => reader.stop())), settings.shutdown.timeoutMs, clock);
    return stopping;
  };
  return {
    done: Promise.all(readers.map(({ done }) => done)).then(() => undefined),
    readiness: () => {
      const ingresses = Object.fromEntries(readers.map((reader, index) => [config.ingresses[index]!.id, reader.readiness()]));
      const isReady = session.isReady && Object.values(ingresses).every(({ waiting }) => waiting === 0);
      return { isReady, facts: { redis: session.isReady ? 'ready' : 'waiting', ingresses } };
    },
    stop,
    async [Symbol.asyncDispose]() {
      // Whoever asked it to stop has been told; here it only must not hide why the process ends.
      await stop().catch(() => undefined);
      await clients.disposeAsync();
    },
  };
}

async function openSenders({ config, session, clock }: IngressWorkerOptions): Promise<ReadonlyMap<string, LaneSender>> {
  const { backpressure, redis } = config.settings;
  const waterMarks = {
    highRecords: backpressure.highWaterRecords,
    lowRecords: backpressure.lowWaterRecords,
    highBytes: backpressure.highWaterBytes,
    lowBytes: backpressure.lowWaterBytes,
  };
  const targets = new Set(config.ingresses.flatMap(({ streams }) => streams.flatMap(({ targets }) => targets.flatMap(egressIdOf))));
  const opened = [...targets].map(async (target): Promise<[string, LaneSender]> => {
    const lanes = config.egresses.find(({ id }) => id === target)?.lanes ?? config.settings.lanes;
    return [target, await openLaneSender({ session, keyPrefix: redis.prefix, target, lanes, waterMarks, clock })];
  });
  return new Map(await Promise.all(opened));
}

type Target = Ingress['streams'][number]['targets'][number];

const egressIdOf = (target: Target): readonly string[] => (target.type === 'egress' ? [target.egressId] : []);

async function withinTime(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = clock.setTimeout(() => late.reject(new WorkerStoppedLateError(timeoutMs)), timeoutMs);
  await Promise.race([work, late.promise]).finally(() => clock.clearTimeout(timer));
}
