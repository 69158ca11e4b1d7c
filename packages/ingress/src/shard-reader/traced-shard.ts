/**
 * Spans around what a reader does with a shard: one for each page that holds something, from asking for it, and below it one for each slice
 * that is enqueued, whose `traceparent` travels with its jobs. Wraps a session only where there is tracing.
 */
import type { RecordPage } from '@sluice/kinesis';
import type { Tracing } from '@sluice/telemetry';
import type { RecordSlice, ShardSession } from './shard-session.ts';

export interface TracedShard {
  readonly stream: string;
  readonly shardId: string;
  readonly targets: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function traceShard(session: ShardSession, tracing: Tracing, { stream, shardId, targets, now }: TracedShard): ShardSession {
  const pages = new WeakMap<RecordPage, string>();
  const slices = new WeakMap<RecordSlice, string>();
  const attributes = { 'messaging.system': 'aws_kinesis', 'messaging.destination.name': stream, 'sluice.shard': shardId };
  return {
    checkpoint: session.checkpoint,
    get isPushed() {
      return session.isPushed;
    },
    open: (checkpoint, signal) => session.open(checkpoint, signal),
    async next(iterator, signal) {
      const startMs = now();
      const page = await session.next(iterator, signal);
      if (page.rawCount === 0) return page;
      const span = tracing.start({ name: `${session.isPushed ? 'receive' : 'poll'} ${stream}`, kind: 'consumer', attributes, startMs });
      span.set({ 'messaging.batch.message_count': page.rawCount, 'sluice.bytes': page.byteSize });
      span.end();
      pages.set(page, span.traceparent);
      return page;
    },
    async take(page, checkpoint, signal) {
      const slice = await session.take(page, checkpoint, signal);
      const trace = pages.get(page);
      if (trace !== undefined) slices.set(slice, trace);
      return slice;
    },
    async enqueue(slice) {
      const parent = slices.get(slice);
      if (parent === undefined || slice.records.length === 0) return session.enqueue(slice);
      const span = tracing.start({
        ...{ name: `enqueue ${targets}`, kind: 'producer', parent },
        attributes: { ...attributes, 'messaging.batch.message_count': slice.records.length, 'sluice.targets': targets },
      });
      try {
        await session.enqueue({ ...slice, trace: span.traceparent });
      } catch (error) {
        span.end(error);
        throw error;
      }
      span.end();
    },
    moveCheckpoint: (from, to) => session.moveCheckpoint(from, to),
    flush: () => session.flush(),
    end: (from, ending) => session.end(from, ending),
    [Symbol.dispose]: () => session[Symbol.dispose](),
  };
}
