import type { SluiceRecord } from '@sluice/core';
import { listStoredJobs, readStoredRecords } from '@sluice/queue';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import type { SharedOverview } from './overview.ts';
import { flagField, notFound, pageFields, readRequest } from './read-request.ts';
import { recordData } from './record-data.ts';

const laneSchema = z.object({ target: z.string(), lane: z.coerce.number().int().min(0) });
const recordsSchema = z.object({ ...pageFields, count: pageFields.count.default(100), data: flagField });

/** `GET /api/lanes/:target/:lane`: a lane with its first jobs; and below it a job with its records. */
export function serveLanes(server: FastifyInstance, { connected, keyPrefix, settings }: ApiContext, shared: SharedOverview): void {
  server.get('/api/lanes/:target/:lane', async ({ params, query }) => {
    const { target, lane } = readRequest(laneSchema, params);
    const page = readRequest(z.object(pageFields), query);
    const { overview } = await shared.get();
    const found = overview.targets.find((one) => one.target === target)?.lanes[lane];
    if (!found) throw notFound(`expected a lane that is known, found ${lane} of ${target}`);
    const jobs = await listStoredJobs(connected(), { keyPrefix, target, lane, ...page });
    // A job whose data cannot be read is there all the same, and holds its lane up.
    return { target, lane: found, total: found.jobs, jobs: jobs.map(({ data = null, ...job }) => ({ ...job, data })) };
  });

  server.get<{ Params: { id: string } }>('/api/lanes/:target/:lane/jobs/:id', async ({ params, query }) => {
    const { target, lane } = readRequest(laneSchema, params);
    const { offset, count, data } = readRequest(recordsSchema, query);
    const job = await readStoredRecords(connected(), { keyPrefix, target, lane }, params.id);
    if (!job) throw notFound(`expected a job of lane ${lane} of ${target}, found ${params.id}, which it does not have`);
    const remaining = new Set(job.remaining);
    const records = job.records.slice(offset, offset + count).map((record, index) => ({
      ...describeRecord(record, offset + index),
      remaining: remaining.has(offset + index),
      ...recordData(record, data, settings),
    }));
    return { id: job.id, state: job.state, data: job.data ?? null, fault: job.fault ?? null, total: job.records.length, records };
  });
}

const describeRecord = ({ partitionKey, data, origin, stream, metadata }: SluiceRecord, index: number) => ({
  ...{ index, key: partitionKey, bytes: data.byteLength, metadata },
  ...(origin && { origin }),
  ...(stream !== undefined && { stream }),
});
