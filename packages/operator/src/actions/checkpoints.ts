import { plural } from '@sluice/core';
import { formatCheckpoint, parseCheckpoint } from '@sluice/lease';
import { z } from 'zod';
import { OperatorInputError } from '../errors.ts';
import { importCheckpoints as importInto, importObstacle } from '../shards/import-checkpoints.ts';
import { defineAction } from './action.ts';
import { timeoutMs } from './timeout.ts';

const shard = z.strictObject({
  shardId: z.string(),
  parents: z.array(z.string()).default([]),
  /** As `sluice shards --format json` has it: `TRIM_HORIZON`, `AT_TIMESTAMP:MS`, `SEQUENCE:SUBSEQUENCE`, `SHARD_END`. */
  checkpoint: z.string().transform(checkpointOf),
  /** Why, for the plan. */
  basis: z.string().default(''),
});

const stream = z.strictObject({
  /** As it is configured. */
  stream: z.string(),
  identity: z.strictObject({ streamArn: z.string(), streamCreatedAtMs: z.int().nonnegative() }),
  shards: z.array(shard).min(1),
});

const schema = z.strictObject({
  ingress: z.string(),
  /** Where the checkpoints come from, for the plan and the audit log. */
  source: z.string(),
  streams: z.array(stream).min(1),
  replace: z.boolean().default(false),
  timeoutMs,
});

type Input = z.output<typeof schema>;

export const importCheckpoints = defineAction({
  name: 'checkpoints.import',
  title: 'Import checkpoints',
  schema,
  async plan(operator, input) {
    const { ingress, source, streams } = input;
    const obstacle = await importObstacle(operator, input);
    return {
      lines: [
        `set ${plural(countOf(input), 'checkpoint')} of ${ingress} from ${source}`,
        ...streams.flatMap(linesOf),
        ...(obstacle ? [`refused as it is now: ${obstacle}`] : []),
      ],
      subject: ingress,
      facts: { source, streams: streams.map((one) => one.stream), shards: countOf(input), replace: input.replace },
      changes: true,
    };
  },
  async run(operator, input, context) {
    await importInto(operator, { ...input, ...context });
    return { lines: [`${plural(countOf(input), 'checkpoint')} of ${input.ingress} set; start its ingress-workers`] };
  },
});

const countOf = ({ streams }: Input): number => streams.reduce((sum, { shards }) => sum + shards.length, 0);

function linesOf({ stream: name, shards }: Input['streams'][number]): string[] {
  const checkpoints = shards.map(({ checkpoint }) => formatCheckpoint(checkpoint));
  const width = checkpoints.reduce((widest, { length }) => Math.max(widest, length), 0);
  return shards.map(({ shardId, basis }, index) => `  ${name} ${shardId}  ${checkpoints[index]!.padEnd(width)}  ${basis}`.trimEnd());
}

function checkpointOf(text: string) {
  try {
    return parseCheckpoint(text);
  } catch (cause) {
    throw new OperatorInputError(`expected a checkpoint such as TRIM_HORIZON or SEQUENCE:SUBSEQUENCE, found ${text.slice(0, 100)}`, {
      cause,
    });
  }
}
