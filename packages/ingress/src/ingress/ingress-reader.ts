import type { Ingress } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { KinesisSource } from '@sluice/kinesis';
import { createLeaseKeeper, createRedisLeaseStore, type LeaseEvent } from '@sluice/lease';
import type { LaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import type { ByteBudget } from '../shard-reader/byte-budget.ts';
import { type OpenStream, openStream, shardOf } from './open-stream.ts';

export interface IngressOptions {
  readonly ingress: Ingress;
  readonly kinesis: KinesisSource;
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The lanes of an egress. */
  readonly senderOf: (egressId: string) => LaneSender;
  readonly worker: string;
  readonly leaseTimes: { readonly ttlMs: number; readonly renewIntervalMs: number };
  readonly budget: ByteBudget;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

/** An ingress whose streams are being read. */
export interface IngressReader {
  /** Resolves once it was stopped; rejects where a stream cannot be read and waiting does not help. */
  readonly done: Promise<void>;
  /** Streams whose shards are known, and those that are not reached yet. */
  readiness(): { readonly open: number; readonly waiting: number; readonly leases: number };
  /** Takes no more shards, lets the page in hand of each finish, and gives the leases back. */
  stop(): Promise<void>;
}

/** Reads the streams of an ingress. Its workers, this one among them, share the shards of all its streams out. */
export function startIngress(options: IngressOptions): IngressReader {
  const { ingress, session, keyPrefix, worker, leaseTimes, telemetry, clock } = options;
  const logger = options.logger.child({ ingress: ingress.id });
  const group = `${keyPrefix}:{${ingress.id}}:readers`;
  const failed = Promise.withResolvers<never>();
  const streams = ingress.streams.map((source) =>
    openStream({
      ...options,
      source,
      group,
      senders: source.targets.flatMap((target) => (target.type === 'egress' ? [options.senderOf(target.egressId)] : [])),
      leases: { release: (lease, how) => keeper.release(lease, how) },
    }),
  );
  const keeper = createLeaseKeeper({
    store: createRedisLeaseStore(session),
    group,
    worker,
    resources: async () => (await Promise.all(streams.filter(({ isOpen }) => isOpen()).map(({ table }) => table.resources()))).flat(),
    emit: (event) => {
      tellLeaseEvent(telemetry, `ingress:${ingress.id}`, event);
      if (event.type === 'keeper.failed') failed.reject(event.error);
      else if (event.type !== 'members.changed') route(streams, event);
    },
    clock,
    logger,
    ttlMs: leaseTimes.ttlMs,
    intervalMs: leaseTimes.renewIntervalMs,
  });
  keeper.start();
  const drained = Promise.all(streams.map(({ done }) => done)).then(() => undefined);
  return {
    done: Promise.race([drained, failed.promise]),
    readiness: () => {
      const open = streams.filter(({ isOpen }) => isOpen()).length;
      return { open, waiting: streams.length - open, leases: keeper.leases.length };
    },
    async stop() {
      const retired = keeper.retire();
      for (const { actor } of streams) if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
      await Promise.allSettled([retired, drained]);
      await keeper.stop();
    },
  };
}

type RoutedEvent = Exclude<LeaseEvent, { type: 'members.changed' | 'keeper.failed' }>;

function route(streams: readonly OpenStream[], event: RoutedEvent): void {
  for (const stream of streams) {
    const shardId = shardOf(stream, event.lease);
    if (shardId !== undefined && stream.actor.getSnapshot().status === 'active') stream.actor.send({ ...event, shardId });
  }
}

function tellLeaseEvent(telemetry: EventSink, group: string, event: LeaseEvent): void {
  if (event.type === 'lease.claimed') telemetry.emit({ type: event.type, group, lease: event.lease.key });
  if (event.type === 'lease.lost') telemetry.emit({ type: event.type, group, lease: event.lease.key, reason: event.reason });
}
