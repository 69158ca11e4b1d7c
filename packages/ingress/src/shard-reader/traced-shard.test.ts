import { rowsOf } from '@sluice/core/testing';
import { openTestTracing } from '@sluice/telemetry/testing';
import { expect, it } from 'vitest';
import { QueueFullError } from '../errors.ts';
import type { RecordSlice, ShardSession } from './shard-session.ts';
import { traceShard } from './traced-shard.ts';

const page = (rawCount: number) => ({ rawCount, byteSize: rawCount * 10 }) as Awaited<ReturnType<ShardSession['next']>>;
const RECORD = { partitionKey: 'k', data: new Uint8Array(), metadata: {} };

it('a page has a span, each slice of it one below, and their jobs carry that; empty pages have none', async () => {
  const { tracing, ended } = openTestTracing();
  const pages = [page(0), page(2)];
  const enqueued: (string | undefined)[] = [];
  let isFull = true;
  const session: Partial<ShardSession> = {
    next: async () => pages.shift()!,
    take: async (): Promise<RecordSlice> => ({ records: rowsOf([RECORD]), isLast: true }),
    enqueue: async ({ trace }) => {
      if (isFull) throw new QueueFullError('out');
      enqueued.push(trace);
    },
    [Symbol.dispose]: () => undefined,
  };
  using traced = traceShard(session as ShardSession, tracing, { stream: 's', shardId: 'shard-0', targets: 'out', now: Date.now });
  const { signal } = new AbortController();

  const checkpoint = { kind: 'TRIM_HORIZON' } as const;
  await traced.enqueue(await traced.take(await traced.next('0', signal), checkpoint, signal)).catch(() => undefined);
  const full = await traced.next('1', signal);
  const slice = await traced.take(full, checkpoint, signal);
  await expect(traced.enqueue(slice)).rejects.toThrow(QueueFullError);
  isFull = false;
  await traced.enqueue(slice);

  const spans = await ended();
  expect(spans.map(({ name, parent, error }) => [name, parent, error])).toEqual([
    ['poll s', undefined, undefined],
    ['enqueue out', 'poll s', 'QUEUE_FULL'],
    ['enqueue out', 'poll s', undefined],
  ]);
  expect(spans[0]?.attributes).toMatchObject({ 'sluice.shard': 'shard-0', 'messaging.batch.message_count': 2, 'sluice.bytes': 20 });
  expect(enqueued).toEqual([expect.stringContaining(spans[0]!.traceId)]);
});
