import { type Clock, toErrorReport } from '@sluice/core';
import { formatCheckpoint } from '@sluice/lease';
import type { EmitFromStream, IngressEvent } from '@sluice/telemetry';
import type { ShardReport } from '../shard-reader/shard-session.ts';
import type { StreamReport } from '../stream-reader/stream-source.ts';
import { placeOf, type ReadProgress } from './read-progress.ts';
import type { ShardLoads } from './shard-loads.ts';

export interface ReportOptions {
  readonly emit: EmitFromStream;
  readonly progress: ReadProgress;
  readonly loads: ShardLoads;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly stream: string;
  /** Egress ids, comma-separated. */
  readonly target: string;
}

/** Takes what shard readers report: notes their progress and emits telemetry. */
export function createShardReporter({
  emit,
  progress,
  loads,
  clock,
  stream,
  target,
}: ReportOptions): (shard: string, report: ShardReport) => void {
  /** When the records that a reader has in hand were taken from their page. */
  const takenMs = new Map<string, number>();
  return (shard, report) => {
    const place = placeOf(stream, shard);
    if (report.type === 'reader.started') for (const noted of [progress, loads]) noted.started(place);
    if (report.type === 'page.read') progress.read(place, report.lagMs);
    if (report.type === 'page.read') loads.read(place, report.bytes, report.lagMs);
    if (report.type === 'page.enqueued') progress.passedOn(place);
    if (report.type === 'read.failed') progress.failed(place, report.error);
    if (report.type === 'records.read') takenMs.set(shard, clock.monotonic());
    const seconds = (clock.monotonic() - (takenMs.get(shard) ?? clock.monotonic())) / 1_000;
    emit(toEvent(report, { shard, target, seconds, lagSeconds: progress.lagMs(place) / 1000 }));
    if (report.type !== 'reader.ended') return;
    for (const noted of [progress, loads]) noted.ended(place);
    takenMs.delete(shard);
  };
}

interface Facts {
  readonly shard: string;
  readonly target: string;
  /** Since the records in hand were taken. */
  readonly seconds: number;
  readonly lagSeconds: number;
}

function toEvent(report: ShardReport, { shard, target, seconds, lagSeconds }: Facts): IngressEvent {
  switch (report.type) {
    case 'reader.started':
      return { type: report.type, shard };
    case 'page.read':
      return { type: report.type, shard, bytes: report.bytes, lagSeconds };
    case 'records.read':
      return { type: report.type, shard, records: report.records };
    case 'records.refused':
      return { ...report, shard };
    case 'page.enqueued':
      return { type: report.type, shard, target, records: report.records, seconds };
    case 'checkpoint.moved':
    case 'checkpoint.rewound':
    case 'records.expired':
      return { type: report.type, shard, checkpoint: formatCheckpoint(report.checkpoint) };
    case 'shard.subscribed':
      return { type: report.type, shard };
    case 'shard.unsubscribed':
      return { type: report.type, shard, pauseSeconds: report.pauseMs / 1_000, ...failureOf(report.error) };
    case 'reader.paused':
      return { type: report.type, shard, lagSeconds };
    case 'batchCheck.failed':
      return { type: report.type, shard, reason: toErrorReport(report.error).message };
    case 'read.failed':
      return { type: report.type, shard, attempt: report.attempt, lagSeconds, ...failureOf(report.error) };
    case 'reader.ended': {
      const { reason, checkpoint, error } = report;
      const failure = reason === 'failed' ? failureOf(error) : {};
      return { type: report.type, shard, reason, checkpoint: checkpoint ? formatCheckpoint(checkpoint) : 'unknown', ...failure };
    }
  }
}

/** Takes what a stream reader reports and emits telemetry. */
export function createStreamReporter(emit: EmitFromStream): (report: StreamReport) => void {
  return (report) => {
    switch (report.type) {
      case 'stream.opened':
        return emit({ type: report.type, arn: report.description.arn, openShards: report.description.openShardCount });
      case 'stream.failed':
        return emit({ type: report.type, attempt: report.attempt, ...failureOf(report.error) });
      case 'shards.reconciled': {
        const { shards, created, pruned, uncovered } = report.reconciliation;
        emit({ type: report.type, shards, created, pruned });
        const ranges = uncovered.map(({ start, end }) => `${start}-${end}`).join(',');
        if (ranges) emit({ type: 'shards.uncovered', ranges });
      }
    }
  };
}

function failureOf(error: unknown): { readonly code: string; readonly error: string } {
  const { code, message } = toErrorReport(error);
  return { code, error: message };
}
