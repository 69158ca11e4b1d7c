import type { Pause, ShardSurvey } from '@sluice/lease';
import type { ShardOverview, ShardReport, StreamOverview, WorkerReport } from '@sluice/status';

export interface StreamFacts {
  readonly source: string;
  readonly ingress: string;
  readonly stream: string;
  readonly paused: Pause | null;
  readonly shards: readonly ShardSurvey[];
  readonly reports: readonly WorkerReport[];
}

/** Redis says who holds a shard; what its reader does, only its holder does. */
export function toStreamOverview({ source, ingress, stream, paused, shards: surveyed, reports }: StreamFacts): StreamOverview {
  const reported = new Map(
    reports.flatMap(({ workerId, shards }) =>
      shards.flatMap((shard) => (shard.source === source ? [[`${shard.shard} ${workerId}`, shard] as const] : [])),
    ),
  );
  const shards = surveyed.map((shard) => toShardOverview(shard, reported.get(`${shard.shardId} ${shard.owner}`)));
  const lags = shards.flatMap(({ lagSeconds }) => (lagSeconds === null ? [] : [lagSeconds]));
  const targets = reports.flatMap(({ routes }) => routes.flatMap((route) => (route.source === source ? route.targets : [])));
  return {
    ...{ source, ingress, stream, paused, shards },
    arn: surveyed[0]?.streamArn ?? '',
    targets: [...new Set(targets)],
    recordsPerSecond: sum(shards.map(({ recordsPerSecond }) => recordsPerSecond)),
    bytesPerSecond: sum(shards.map(({ bytesPerSecond }) => bytesPerSecond)),
    lagMaxSeconds: lags.length === 0 ? null : Math.max(...lags),
    lagSumSeconds: lags.length === 0 ? null : sum(lags),
  };
}

function toShardOverview({ streamArn: _, state, ...shard }: ShardSurvey, report: ShardReport | undefined): ShardOverview {
  return {
    ...shard,
    state: state === 'held' ? (report?.state ?? 'reading') : state,
    lagSeconds: report?.lagSeconds ?? null,
    recordsPerSecond: report?.recordsPerSecond ?? 0,
    bytesPerSecond: report?.bytesPerSecond ?? 0,
    ...(report?.code !== undefined && { code: report.code }),
    ...(report?.reason !== undefined && { reason: report.reason }),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
