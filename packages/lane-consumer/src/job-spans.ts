/** The span of a job in hand, from its taking until nothing of it is in hand any more. */
import type { RunningSpan, Tracing } from '@sluice/telemetry';

/** A job, as its owner has it. */
interface TakenJob {
  readonly id: string;
  readonly trace?: string;
  readonly records: readonly unknown[];
  readonly bytes: number;
  readonly enqueuedAtMs: number;
  readonly source?: { readonly stream: string; readonly shardId: string };
}

/** What a job is taken from. */
interface JobPlace {
  readonly target: string;
  readonly lane: number;
}

/** Begins it below the span that enqueued the job; a job that carries no trace has none of its own unless one begins here. */
export const startJobSpan = (
  tracing: Tracing,
  { id, trace, records, bytes, enqueuedAtMs, source }: TakenJob,
  { target, lane }: JobPlace,
): RunningSpan =>
  tracing.start({
    ...{ name: `take ${target}`, kind: 'consumer', parent: trace },
    attributes: {
      ...{ 'messaging.system': 'sluice', 'messaging.destination.name': target, 'sluice.lane': lane, 'sluice.job': id },
      ...{ 'messaging.batch.message_count': records.length, 'sluice.bytes': bytes, 'sluice.enqueued_at_ms': enqueuedAtMs },
      ...(source && { 'sluice.source': `${source.stream}/${source.shardId}` }),
    },
  });
