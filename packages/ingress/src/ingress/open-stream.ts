import type { Ingress, IngressStream } from '@sluice/config';
import { createRedisShardTable, type Lease, resolveStart, type ShardTable, type StartPosition } from '@sluice/lease';
import type { LaneSender } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { bindStream } from '@sluice/telemetry';
import { type ActorRefFrom, createActor } from 'xstate';
import { createLaneQueue } from '../lanes/lane-queue.ts';
import { PageSource } from '../shard-reader/page-source.ts';
import type { streamReaderMachine } from '../stream-reader/stream-reader.machine.ts';
import { createStreamReader, type StreamReaderPorts } from '../stream-reader/stream-reader.ts';
import type { IngressOptions } from './ingress-reader.ts';
import { fromShardReader, fromStreamReader } from './telemetry-events.ts';

/** One stream of an ingress, being read. */
export interface OpenStream {
  readonly table: ShardTable;
  readonly actor: ActorRefFrom<typeof streamReaderMachine>;
  /** Resolves once it was asked to stop and has; rejects where it cannot go on. */
  readonly done: Promise<void>;
  /** Whether the stream is known and its shards have rows: before, nothing may be leased. */
  isOpen(): boolean;
}

export interface OpenStreamOptions extends IngressOptions {
  readonly source: IngressStream;
  readonly senders: readonly LaneSender[];
  /** The group whose workers share the shards out. */
  readonly group: string;
  readonly leases: StreamReaderPorts['leases'];
}

/** Starts to read a stream, shards as they are leased. */
export function openStream(options: OpenStreamOptions): OpenStream {
  const { ingress, source, senders, session, keyPrefix, group, telemetry, clock, leases, kinesis } = options;
  const table = createShardTable(session, { keyPrefix, ingress, stream: source.stream, group, nowMs: clock.now() });
  const subject = { ingress: ingress.id, stream: source.stream, target: senders.map(({ target }) => target).join(',') };
  const emit = bindStream(telemetry.emit, subject);
  const turns = new Map<string, Promise<unknown>>();
  const ports: StreamReaderPorts = {
    kinesis,
    table,
    leases,
    openPages: ({ shardId, lease }) => new PageSource({ ...options, ...ingress.reader, stream: source.stream, shardId, lease }),
    openQueue: ({ shardId, lease, identity }) =>
      createLaneQueue({
        senders,
        lease,
        turns,
        source: { stream: sourceName(ingress.id, source.stream, identity.createdAtMs), shardId, token: lease.token },
      }),
    tell: (shardId, event) => emit(fromShardReader(subject, shardId, event)),
    clock,
    random: options.random,
  };
  const reader = createStreamReader(ports, { stream: source.stream, shardIds: source.shardIds });
  const discoveryIntervalMs = ingress.reader.shardDiscoveryIntervalMs;
  const actor = createActor(reader, { clock, input: { stream: source.stream, discoveryIntervalMs, random: options.random } });
  let isOpen = false;
  actor.on('*', (event) => {
    isOpen ||= event.type === 'shards.reconciled';
    for (const told of fromStreamReader(event)) emit(told);
  });
  const done = new Promise<void>((resolve, reject) => {
    actor.subscribe({
      complete: () => {
        const { reason, error } = actor.getSnapshot().output!;
        if (reason === 'failed') reject(error);
        else resolve();
      },
      error: reject,
    });
  });
  actor.start();
  return { table, actor, done, isOpen: () => isOpen };
}

interface ShardTablePlace {
  readonly keyPrefix: string;
  readonly ingress: Ingress;
  readonly stream: string;
  readonly group: string;
  readonly nowMs: number;
}

const createShardTable = (session: RedisSession, { keyPrefix, ingress, stream, group, nowMs }: ShardTablePlace): ShardTable =>
  createRedisShardTable(session, {
    key: `${keyPrefix}:{${ingress.id}/${stream}}:shards`,
    group,
    start: resolveStart(toStart(ingress.start), nowMs),
  });

function toStart(start: Ingress['start']): StartPosition {
  switch (start.type) {
    case 'latest':
      return { kind: 'LATEST' };
    case 'earliest':
      return { kind: 'TRIM_HORIZON' };
    case 'timestamp':
      return { kind: 'AT_TIMESTAMP', timestampMs: start.timestampMs };
  }
}

/**
 * The stream as the lanes' replay filter knows it. Two ingresses are independent readers of a stream, and a stream that was deleted
 * and created again numbers its shards and leases anew: in either case the same shard and token stand for other records.
 */
const sourceName = (ingressId: string, stream: string, createdAtMs: number): string =>
  `${ingressId} ${stream} of ${new Date(createdAtMs).toISOString()}`;

/** The lease of a stream's shard, or `undefined` where it belongs to another stream. */
export function shardOf({ table }: Pick<OpenStream, 'table'>, lease: Lease): string | undefined {
  const shardId = lease.facts['shardId'];
  return shardId !== undefined && table.keyOf(shardId) === lease.key ? shardId : undefined;
}
