import { plural } from '@sluice/core';
import { formatCheckpoint } from '@sluice/lease';
import { z } from 'zod';
import { chooseShards } from '../shards/chosen-shards.ts';
import { forgetStream } from '../shards/forget-stream.ts';
import { defineAction } from './action.ts';
import { timeoutMs } from './timeout.ts';

export const forgetStreams = defineAction({
  name: 'streams.forget',
  title: 'Forget a stream',
  schema: z.strictObject({ ingress: z.string(), stream: z.string(), timeoutMs }),
  async plan(operator, { ingress, stream: name }) {
    const [stream] = await chooseShards(operator, ingress, { streams: [name], shardIds: [] });
    if (!stream) return { lines: ['it has no shards'], subject: ingress, facts: { stream: name }, changes: false };
    return {
      lines: [
        `forget ${plural(stream.shards.length, 'shard')} of ${name} and where ${ingress} is in them; it starts at its start position again`,
        ...stream.shards.map(({ shardId, checkpoint }) => `  ${shardId}, now at ${formatCheckpoint(checkpoint)}`),
      ],
      subject: ingress,
      facts: { stream: name, arn: stream.shards[0]!.streamArn, shards: stream.shards.length },
      changes: true,
    };
  },
  async run(operator, { ingress, stream: name, timeoutMs }, context) {
    const [stream] = await chooseShards(operator, ingress, { streams: [name], shardIds: [] });
    if (stream) await forgetStream(operator, { ...context, ingress, stream, timeoutMs });
    return { lines: [`${name} is forgotten; start its ingress-workers again if they stopped with STREAM_RECREATED`] };
  },
});
