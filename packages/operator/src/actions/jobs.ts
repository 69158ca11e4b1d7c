import { plural, silentLogger } from '@sluice/core';
import { auditLane, dropStoredJob, type ExaminedJob, examineStoredJob } from '@sluice/queue';
import { z } from 'zod';
import { JobBusyError, OperatorInputError } from '../errors.ts';
import { sourceOf } from '../lanes/job-source.ts';
import { expectLane } from '../lanes/read-jobs.ts';
import type { Operator } from '../operator.ts';
import { defineAction } from './action.ts';

const schema = z.strictObject({ target: z.string(), lane: z.int().min(0), job: z.string() });

type JobInput = z.output<typeof schema>;

export const dropJob = defineAction({
  name: 'jobs.drop',
  title: 'Drop a job that cannot be read',
  schema,
  async plan(operator, input) {
    const examined = await examine(operator, input);
    const { data, fault } = examined;
    const source = data && sourceOf(data);
    return {
      lines: [
        `drop job ${input.job} of lane ${input.lane} of ${input.target}, ${fault}: ${data ? `${plural(data.records, 'record')} ${data.records === 1 ? 'is' : 'are'}` : 'what it held is not known and'} lost to ${input.target}`,
        ...(source
          ? [`  from ${source.ingress} ${source.stream} ${source.shardId}, sequence numbers ${source.first} to ${source.last}`]
          : data
            ? ['  no shard reader enqueued them: a function, a client, or a redriven dead letter did']
            : []),
        ...(data ? [`  enqueued at ${data.enqueuedAt}`] : []),
      ],
      subject: `${input.target}/${input.lane}`,
      facts: { job: input.job, fault, ...(data && { records: data.records, enqueuedAt: data.enqueuedAt }), ...(source && { source }) },
      changes: true,
    };
  },
  async run(operator, input) {
    const { session, keyPrefix } = operator;
    const address = { keyPrefix, target: input.target, lane: input.lane };
    const examined = await examine(operator, input);
    const outcome = await dropStoredJob(session, address, examined);
    if (outcome !== 'dropped') throw new JobBusyError(input.job, `${input.target}/${input.lane}`, outcome);
    // What a job without data counted, nobody knows: the lane is counted again.
    if (!examined.data) await auditLane(session, address, silentLogger);
    return { lines: [`job ${input.job} is dropped, its lane goes on`, ...adviceFor(examined)] };
  },
});

/** @throws {OperatorInputError} there is no such job, or it can be delivered */
async function examine(operator: Operator, { target, lane, job }: JobInput): Promise<ExaminedJob> {
  await expectLane(operator, target, lane);
  const { session, keyPrefix } = operator;
  const examined = await examineStoredJob(session, { keyPrefix, target, lane }, job);
  if (!examined)
    throw new OperatorInputError(
      `expected a job of lane ${lane} of ${target}, found ${job}, which it does not have; \`sluice jobs list\` shows them`,
    );
  if (examined.fault === undefined)
    throw new OperatorInputError(
      `expected a job that cannot be read, found ${job}, whose records can be delivered; it is kept, since nothing is dropped that is not lost`,
    );
  return examined;
}

function adviceFor({ data }: ExaminedJob): string[] {
  const source = data && sourceOf(data);
  if (!source) return [];
  return [
    'within the retention of the stream its records can be looked at, or the shard can be read again from there (with all that came after):',
    `  sluice tail ${source.stream} --shard ${source.shardId} --from at:${source.first} --to ${source.last}`,
    `  sluice rewind ${source.ingress} --stream ${source.stream} --shard ${source.shardId} --to at:${source.first}`,
  ];
}
