import type { IngressStream } from '@sluice/config';
import type { Clock } from '@sluice/core';
import { createAwsClientSettings, customEndpoint, enforcesQuotas } from '@sluice/credentials';
import { isTableStream } from '@sluice/dynamodb-streams';
import { createLeaseKeeper, createRedisLeaseStore, type LeaseEvent, type LeaseKeeper } from '@sluice/lease';
import { type LaneSender, openLaneSender } from '@sluice/queue';
import { readerGroupKey } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { openClients } from './clients.ts';
import type { IngressSource, ShardLeaseEvent } from './ingress.machine.ts';
import type { IngressOptions } from './ingress-options.ts';
import { NamedOnce } from './named-once.ts';
import { type OpenStream, openStream, shardOf } from './open-stream.ts';
import { openTables } from './open-tables.ts';
import { placeOf, ReadProgress } from './read-progress.ts';
import { ShardLoads } from './shard-loads.ts';
import { watchReads } from './watch-reads.ts';

/** Leases that a worker claims while it is opening others: so many more than it opens at once as keep it busy. */
const MOST_OPENINGS = 64;

/**
 * Opens what an ingress works with. Nothing is read or leased yet.
 * @throws {LaneCountMismatchError} a target was first used with another number of lanes
 * @throws {LaneLayoutMismatchError} a target keeps the order of shards, and its lanes are laid by key
 */
export async function openIngress(options: IngressOptions): Promise<IngressSource> {
  const { ingress, lease: leases, session, worker, env, telemetry, logger, clock, keyPrefix } = options;
  const senders = await openSenders(options);
  const ofKinesis = ingress.streams.filter(({ stream }) => !isTableStream(stream));
  const clients = await openClients({ ...ingress, streams: ofKinesis }, (aws) => createAwsClientSettings(aws, { env, clock, logger }));
  const tables = await openTables(ingress, { env, clock, logger });
  const group = readerGroupKey(keyPrefix, ingress.id);
  const progress = new ReadProgress(clock);
  const loads = new ShardLoads(clock);
  const streams = ingress.streams.map((source) =>
    openStream({
      ...{ ...options, source, kinesis: tables.get(source.stream) ?? clients.of(source), group, progress, loads },
      senders,
      release: (lease, how) => keeper.release(lease, how),
      hasQuotas: (stream) => hasQuotas(stream, options),
    }),
  );
  /** Those that are known and whose shards have rows: before, nothing may be leased. */
  const opened = new Set<OpenStream>();
  const namedOnce = new NamedOnce(ingress);
  let send: (event: ShardLeaseEvent) => void = () => undefined;
  const keeper = createLeaseKeeper({
    ...{ store: createRedisLeaseStore(session), group, worker, clock, logger: logger.child({ ingress: ingress.id }) },
    resources: async () => (await Promise.all([...opened].map(({ table }) => table.resources()))).flat(),
    emit: (event) => {
      reportLease(telemetry, `ingress:${ingress.id}`, event);
      for (const routed of route(streams, event)) send(routed);
    },
    loadOf: (lease) => {
      const stream = streams.find((each) => shardOf(each, lease) !== undefined);
      return stream && loads.of(placeOf(stream.stream, shardOf(stream, lease)!));
    },
    room: () => MOST_OPENINGS - options.openings.used.records,
    ttlMs: leases.ttlMs,
    intervalMs: leases.renewIntervalMs,
  });
  return {
    streams: streams.map((stream) => ({
      ...stream,
      async reconcile(signal) {
        const reconciliation = await stream.reconcile(signal);
        namedOnce.assert(stream.stream, reconciliation.identity);
        if (!opened.has(stream)) {
          opened.add(stream);
          keeper.refresh();
        }
        progress.succeeded();
        return reconciliation;
      },
    })),
    startLeasing(receive) {
      send = receive;
      keeper.start();
    },
    standAside: () => standAside(keeper, clock),
    watchReads: (report) => watchReads(progress, clock, report),
    retire: () => keeper.retire(),
    async [Symbol.asyncDispose]() {
      await keeper.stop();
      clients[Symbol.dispose]();
      for (const table of tables.values()) table[Symbol.dispose]();
    },
  };
}

/** Whether the endpoint of a stream is known to enforce the service's quotas. That of a table's stream is not in the configuration. */
function hasQuotas({ stream, aws }: IngressStream, { ingress, quotas, env }: IngressOptions): boolean {
  const isTable = isTableStream(stream);
  const endpoint = isTable
    ? customEndpoint({ endpoint: undefined }, { env, service: 'DYNAMODB_STREAMS' })
    : customEndpoint(aws ?? ingress.aws, { env });
  return quotas === 'always' || enforcesQuotas(endpoint);
}

const ASIDE_MS = 10_000;

/** Renews it until it is stopped; from then on the worker takes leases again once the rest of the time is over. */
function standAside(keeper: Pick<LeaseKeeper, 'standAside'>, clock: Clock): () => void {
  const renew = () => {
    keeper.standAside(ASIDE_MS);
    timer = clock.setTimeout(renew, ASIDE_MS / 2);
  };
  let timer: unknown;
  renew();
  return () => clock.clearTimeout(timer);
}

async function openSenders(options: IngressOptions): Promise<ReadonlyMap<string, LaneSender>> {
  const { session, clock, keyPrefix, logger } = options;
  const { highWaterRecords, lowWaterRecords, highWaterBytes, lowWaterBytes } = options.backpressure;
  const waterMarks = { highRecords: highWaterRecords, lowRecords: lowWaterRecords, highBytes: highWaterBytes, lowBytes: lowWaterBytes };
  const opened = [...options.lanes].map(
    async ([target, lanes]): Promise<[string, LaneSender]> => [
      target,
      await openLaneSender({ session, keyPrefix, target, ...lanes, waterMarks, clock, logger }),
    ],
  );
  return new Map(await Promise.all(opened));
}

function route(streams: readonly OpenStream[], event: LeaseEvent): ShardLeaseEvent[] {
  if (event.type === 'members.changed') return [];
  if (event.type === 'keeper.failed') return [event];
  return streams.flatMap((stream) => {
    const shardId = shardOf(stream, event.lease);
    return shardId === undefined ? [] : [{ ...event, stream: stream.stream, shardId }];
  });
}

function reportLease(telemetry: EventSink, group: string, event: LeaseEvent): void {
  if (event.type === 'lease.claimed') telemetry.emit({ type: event.type, group, lease: event.lease.key });
  if (event.type === 'lease.lost') telemetry.emit({ type: event.type, group, lease: event.lease.key, reason: event.reason });
}
