import { toErrorReport } from '@sluice/core';
import { formatCheckpoint } from '@sluice/lease';
import type { TelemetryEvent } from '@sluice/telemetry';
import type { ShardReaderEmitted } from '../shard-reader/shard-reader.machine.ts';
import type { StreamReaderEmitted } from '../stream-reader/stream-reader.machine.ts';

/** What an event is about. */
export interface EventSource {
  readonly ingress: string;
  readonly stream: string;
  /** Egress ids, comma-separated. */
  readonly target: string;
}

/** What a shard reader tells, as telemetry. */
export function fromShardReader({ ingress, stream, target }: EventSource, shard: string, event: ShardReaderEmitted): TelemetryEvent {
  const source = { ingress, stream, shard };
  switch (event.type) {
    case 'page.read':
      return { ...source, type: event.type, records: event.records, bytes: event.bytes, lagSeconds: event.lagMs / 1000 };
    case 'page.enqueued':
      return { ...source, type: event.type, target, records: event.records };
    case 'checkpoint.moved':
    case 'checkpoint.rewound':
    case 'records.expired':
      return { ...source, type: event.type, checkpoint: formatCheckpoint(event.checkpoint) };
    case 'reader.paused':
      return { ...source, type: event.type };
    case 'read.failed':
      return { ...source, type: event.type, attempt: event.attempt, ...reasonOf(event.error) };
  }
}

/** What a stream reader tells, as telemetry. */
export function fromStreamReader({ ingress, stream }: EventSource, event: StreamReaderEmitted): readonly TelemetryEvent[] {
  const source = { ingress, stream };
  switch (event.type) {
    case 'stream.opened':
      return [{ ...source, type: event.type, arn: event.description.arn, openShards: event.description.openShardCount }];
    case 'stream.failed':
      return [{ ...source, type: event.type, attempt: event.attempt, ...reasonOf(event.error) }];
    case 'shards.reconciled': {
      const { type, shards, created, pruned, uncovered } = event;
      const ranges = uncovered.map(({ start, end }) => `${start}-${end}`).join(',');
      return [{ ...source, type, shards, created, pruned }, ...(ranges ? [{ ...source, type: 'shards.uncovered' as const, ranges }] : [])];
    }
    case 'reader.started':
      return [{ ...source, type: event.type, shard: event.shardId }];
    case 'reader.ended': {
      const { reason, error, checkpoint } = event.output;
      const failure = reason === 'failed' ? reasonOf(error) : {};
      return [{ ...source, type: event.type, shard: event.shardId, reason, checkpoint: formatCheckpoint(checkpoint), ...failure }];
    }
  }
}

function reasonOf(error: unknown): { readonly code: string; readonly error: string } {
  const { code, message } = toErrorReport(error);
  return { code, error: message };
}
