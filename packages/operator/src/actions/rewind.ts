import { plural } from '@sluice/core';
import { formatCheckpoint } from '@sluice/lease';
import { z } from 'zod';
import { type ChosenShards, chooseShards } from '../shards/chosen-shards.ts';
import { rewind } from '../shards/rewind.ts';
import { rewindPosition } from '../shards/rewind-position.ts';
import { defineAction } from './action.ts';
import { timeoutMs } from './timeout.ts';

const schema = z
  .strictObject({
    ingress: z.string(),
    /** `earliest`, `latest`, a time in ISO 8601, a duration back (`-2h`), or the sequence number after which one shard is read on. */
    to: z.string().transform((text) => rewindPosition(text, Date.now())),
    streams: z.array(z.string()).default([]),
    shards: z.array(z.string()).default([]),
    timeoutMs,
  })
  .refine(({ to, shards }) => to.kind !== 'AFTER' || shards.length === 1, 'a sequence number belongs to one shard: name it with --shard');

export const rewindIngress = defineAction({
  name: 'rewind',
  title: 'Rewind',
  schema,
  async plan(operator, input) {
    const to = formatCheckpoint(input.to);
    const streams = await choose(operator, input);
    const shards = shardsOf(streams);
    return {
      lines: [
        `rewind ${plural(shards.length, 'shard')} of ${input.ingress} to ${to}; meanwhile nothing of it is read`,
        ...streams.flatMap((one) =>
          one.shards.map(({ shardId, checkpoint }) => `  ${one.stream} ${shardId}, now at ${formatCheckpoint(checkpoint)}`),
        ),
      ],
      subject: input.ingress,
      facts: { to, shards: shards.length > 20 ? shards.length : shards },
      changes: shards.length > 0,
    };
  },
  async run(operator, input, context) {
    const { to } = input;
    const streams = await choose(operator, input);
    await rewind(operator, { ...context, ingress: input.ingress, streams, to, timeoutMs: input.timeoutMs });
    return { lines: [`${plural(shardsOf(streams).length, 'shard')} of ${input.ingress} rewound to ${formatCheckpoint(to)}`] };
  },
});

type RewindInput = z.output<typeof schema>;

const choose = (operator: Parameters<typeof chooseShards>[0], { ingress, streams, shards }: RewindInput) =>
  chooseShards(operator, ingress, { streams, shardIds: shards });

const shardsOf = (streams: readonly ChosenShards[]): string[] => streams.flatMap((one) => one.shards.map(({ shardId }) => shardId));
