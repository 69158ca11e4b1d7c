import type { IngressStream } from '@sluice/config';
import type { StartPosition } from '@sluice/core';
import { isTableStream } from '@sluice/dynamodb-streams';
import type { KinesisPush, KinesisSource } from '@sluice/kinesis';
import { createRedisShardTable, type Lease, parseCheckpoint, resolveStart, type ShardTable, sourceName } from '@sluice/lease';
import type { LaneSender } from '@sluice/queue';
import { shardTableKey, sourcesKey } from '@sluice/redis';
import { bindStream } from '@sluice/telemetry';
import { createLaneQueue } from '../lanes/lane-queue.ts';
import { egressTarget, functionTarget, type LaneTarget, sourceOfCopy } from '../lanes/lane-target.ts';
import { storeRefused } from '../poison/store-refused.ts';
import { KINESIS_QUOTA, ReadTurns, TABLE_QUOTA } from '../read-turns/read-turns.ts';
import { createRedisTurnLedger } from '../read-turns/redis-turn-ledger.ts';
import type { ShardSource } from '../shard-reader/shard-session.ts';
import { createStreamSource } from '../stream-reader/create-stream-source.ts';
import type { StreamSource } from '../stream-reader/stream-source.ts';
import { compileBatching } from './compile-batching.ts';
import type { IngressOptions } from './ingress-options.ts';
import type { ReadProgress } from './read-progress.ts';
import { createShardReporter, createStreamReporter } from './report.ts';
import type { ShardLoads } from './shard-loads.ts';

export interface OpenStreamOptions extends IngressOptions {
  readonly source: IngressStream;
  readonly kinesis: KinesisSource & KinesisPush;
  /** By target. */
  readonly senders: ReadonlyMap<string, LaneSender>;
  /** The group whose workers share the shards out. */
  readonly group: string;
  readonly progress: ReadProgress;
  readonly loads: ShardLoads;
  readonly release: ShardSource['release'];
  /** Whether the endpoint of a stream is known to enforce the service's quotas. */
  hasQuotas(source: IngressStream): boolean;
}

/** A stream of an ingress, with the rows of its shards. */
export interface OpenStream extends StreamSource {
  readonly table: ShardTable;
}

export function openStream(options: OpenStreamOptions): OpenStream {
  const { ingress, source, session, telemetry, progress } = options;
  const targets = laneTargetsOf(options);
  const { stream, shardIds } = source;
  const table = createShardTable(options);
  const emit = bindStream(telemetry.emit, { ingress: ingress.id, stream });
  const target = targets.map(({ sender }) => sender.target).join(',');
  const turns = new Map<string, Promise<unknown>>();
  const streamSource = createStreamSource({
    ...options,
    ...{ stream, shardIds, table, target, startsAt: Object.keys(source.shardStarts ?? {}) },
    reader: ingress.reader,
    batching: compileBatching(ingress.batching),
    openTurns: (arn) =>
      new ReadTurns({
        ledger: createRedisTurnLedger({ session, keyPrefix: options.keyPrefix, arn, ingress: ingress.id }),
        quota: isTableStream(stream) ? TABLE_QUOTA : KINESIS_QUOTA,
        isEnforced: options.hasQuotas(source),
        clock: options.clock,
        onReaders: (readers) => emit({ type: 'stream.shared', readers }),
      }),
    openQueue: ({ shardId, lease, identity }) =>
      createLaneQueue({
        ...{ targets, lease, turns },
        source: { stream: sourceName(ingress.id, stream, identity.createdAtMs), shardId, token: lease.token },
        parents: isBegun(lease) ? [] : parentsOf(lease),
      }),
    onError: ingress.onError,
    storeRefused: ({ shardId, lease, identity }, records, reasons) => {
      const { keyPrefix, clock } = options;
      const refusedFrom = { stream: sourceName(ingress.id, stream, identity.createdAtMs), shardId };
      return storeRefused({ targets, session, keyPrefix, clock, lease, source: refusedFrom }, records, reasons);
    },
    endShards: async ({ createdAtMs }, ended) => {
      const name = sourceName(ingress.id, stream, createdAtMs);
      await Promise.all(targets.map(({ sender, copy }) => sender.endShards(sourceOfCopy(name, copy), ended, session.epoch)));
    },
    report: createShardReporter({ emit, progress, loads: options.loads, clock: options.clock, stream, target }),
    reportStream: createStreamReporter(emit),
  });
  return { ...streamSource, table };
}

/** Whether something of its shard was enqueued, so that its parents are long written. */
const isBegun = ({ facts }: Lease): boolean => parseCheckpoint(facts['checkpoint'] ?? '').kind === 'AFTER';

const parentsOf = ({ facts }: Lease): string[] => (facts['parents'] ?? '').split(',').filter((parent) => parent !== '');

/** In the order of the configuration; a target that stands there twice gets each record twice. */
function laneTargetsOf({
  source: { targets, valueType = '' },
  senders,
}: OpenStreamOptions): (LaneTarget & { readonly sender: LaneSender })[] {
  const copies = new Map<string, number>();
  return targets.flatMap((target) => {
    if (target.type === 'unresolved') return [];
    const id = target.type === 'egress' ? target.egressId : target.functionType;
    const sender = senders.get(id)!;
    const copy = copies.get(id) ?? 0;
    copies.set(id, copy + 1);
    return [{ ...(target.type === 'egress' ? egressTarget(sender) : functionTarget(sender, valueType)), sender, copy }];
  });
}

function createShardTable({ session, keyPrefix, ingress, source, group, clock }: OpenStreamOptions): ShardTable {
  const name = `${ingress.id}/${source.stream}`;
  const now = clock.now();
  const resolve = (start: StartPosition) => resolveStart(start, now);
  return createRedisShardTable(session, {
    key: shardTableKey(keyPrefix, name),
    group,
    start: resolve(source.start ?? ingress.start),
    shardStarts: new Map(Object.entries(source.shardStarts ?? {}).map(([shardId, start]) => [shardId, resolve(start)])),
    listed: { key: sourcesKey(keyPrefix), name },
  });
}

/** The shard that a lease is of, or `undefined` where it belongs to another stream. */
export function shardOf({ table }: Pick<OpenStream, 'table'>, lease: Lease): string | undefined {
  const shardId = lease.facts['shardId'];
  return shardId !== undefined && table.keyOf(shardId) === lease.key ? shardId : undefined;
}
