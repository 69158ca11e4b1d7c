import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readOverview } from '@sluice/operator';
import { type Overview, readHistory } from '@sluice/status';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { notFound, readRequest } from './read-request.ts';
import { SharedLook } from './shared-look.ts';

const LOOK_MS = 1_000;
const HISTORY_MS = 5_000;
const minutesSchema = z.object({ minutes: z.coerce.number().int().min(1).max(60).default(60) });

interface SerializedOverview {
  readonly overview: Overview;
  readonly text: string;
  /** Megabytes of it become tens of kilobytes, once for all who ask. */
  readonly gzipped: Buffer;
}

/** However many clients ask, Redis is asked once a second. */
export type SharedOverview = SharedLook<SerializedOverview>;

export const shareOverview = ({ connected, keyPrefix, clock }: ApiContext): SharedOverview =>
  new SharedLook(
    async () => {
      const overview = await readOverview({ session: connected(), keyPrefix });
      const text = JSON.stringify(overview);
      return { overview, text, gzipped: await promisify(gzip)(text) };
    },
    { forMs: LOOK_MS, clock },
  );

/** `GET /api/overview`, and a shard of it; `GET /api/history`. */
export function serveOverview(server: FastifyInstance, { connected, keyPrefix, clock }: ApiContext, shared: SharedOverview): void {
  const history = new SharedLook(() => readHistory(connected(), { keyPrefix, sinceMs: 0 }), { forMs: HISTORY_MS, clock });

  server.get('/api/overview', async ({ headers }, reply) => {
    const { text, gzipped } = await shared.get();
    reply.type('application/json').header('vary', 'accept-encoding');
    const isGzipTaken = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
    return isGzipTaken ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(text);
  });

  server.get('/api/history', async ({ query }) => {
    const { minutes } = readRequest(minutesSchema, query);
    const { bucketMs, startMs, series } = await history.get();
    const buckets = (minutes * 60_000) / bucketMs;
    const skipped = Math.max(0, (series[0]?.values.length ?? 0) - buckets);
    return {
      ...{ bucketMs, startMs: startMs + skipped * bucketMs },
      series: series.map(({ values, ...one }) => ({ ...one, values: values.slice(skipped) })),
    };
  });

  server.get<{ Params: { source: string; shard: string } }>('/api/shards/:source/:shard', async ({ params }) => {
    const { overview } = await shared.get();
    const stream = overview.streams.find(({ source }) => source === params.source);
    const shard = stream?.shards.find(({ shardId }) => shardId === params.shard);
    if (!stream || !shard) throw notFound(`expected a shard that is known, found ${params.shard} of ${params.source}`);
    const { source, ingress, stream: name, arn, paused, targets } = stream;
    return { ...{ source, ingress, stream: name, arn, paused, targets }, ...shard };
  });
}
