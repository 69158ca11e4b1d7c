import { toErrorReport } from '@sluice/core';
import { formatCheckpoint } from '@sluice/lease';
import type { IngressEvent } from '@sluice/telemetry';
import type { ShardReaderEmitted } from '../shard-reader/shard-reader.machine.ts';
import type { StreamReaderEmitted } from '../stream-reader/stream-reader.machine.ts';

/** What a shard reader reports, as telemetry. `target`: egress ids, comma-separated. */
export function fromShardReader({ target }: { readonly target: string }, shard: string, event: ShardReaderEmitted): IngressEvent {
  switch (event.type) {
    case 'page.read':
      return { shard, type: event.type, records: event.records, bytes: event.bytes, lagSeconds: event.lagMs / 1000 };
    case 'page.enqueued':
      return { shard, type: event.type, target, records: event.records };
    case 'checkpoint.moved':
    case 'checkpoint.rewound':
    case 'records.expired':
      return { shard, type: event.type, checkpoint: formatCheckpoint(event.checkpoint) };
    case 'reader.paused':
      return { shard, type: event.type };
    case 'read.failed':
      return { shard, type: event.type, attempt: event.attempt, ...reasonOf(event.error) };
  }
}

/** What a stream reader reports, as telemetry. */
export function fromStreamReader(event: StreamReaderEmitted): readonly IngressEvent[] {
  switch (event.type) {
    case 'stream.opened':
      return [{ type: event.type, arn: event.description.arn, openShards: event.description.openShardCount }];
    case 'stream.failed':
      return [{ type: event.type, attempt: event.attempt, ...reasonOf(event.error) }];
    case 'shards.reconciled': {
      const { type, shards, created, pruned, uncovered } = event;
      const ranges = uncovered.map(({ start, end }) => `${start}-${end}`).join(',');
      return [{ type, shards, created, pruned }, ...(ranges ? [{ type: 'shards.uncovered' as const, ranges }] : [])];
    }
    case 'reader.started':
      return [{ type: event.type, shard: event.shardId }];
    case 'reader.ended': {
      const { reason, error, checkpoint } = event.output;
      const failure = reason === 'failed' ? reasonOf(error) : {};
      return [{ type: event.type, shard: event.shardId, reason, checkpoint: formatCheckpoint(checkpoint), ...failure }];
    }
  }
}

function reasonOf(error: unknown): { readonly code: string; readonly error: string } {
  const { code, message } = toErrorReport(error);
  return { code, error: message };
}
