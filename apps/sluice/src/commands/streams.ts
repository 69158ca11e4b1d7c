import { formatCheckpoint } from '@sluice/lease';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, approve, type ChangeFlags } from '../operator/change.ts';
import { chooseShards } from '../operator/chosen-shards.ts';
import { forgetStream } from '../operator/forget-stream.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';

import { plural } from '../terminal/quantities.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

/** `sluice streams`: the streams that ingresses read. */
export const streamsCommand = (): Command =>
  new Command('streams').description('Forget a stream that was deleted, or replaced by another of its name.').addCommand(forgetCommand());

const forgetCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('forget')))
    .description('Forget the shards and checkpoints of a stream: it is read from the start position of its ingress again.')
    .argument('<ingress>', 'the id of the ingress, as `sluice shards` shows it before the stream')
    .argument('<stream>', 'the stream, as it is configured')
    .option('--timeout <seconds>', 'how long workers and lanes may take to let go of the shards', wholeNumber(1), 60)
    .action(async (ingress: string, name: string, flags: ConfigFlags & ChangeFlags & { readonly timeout: number }) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const [stream] = await chooseShards(operator, ingress, { streams: [name], shardIds: [] });
      if (stream === undefined) return void process.stdout.write('it has no shards\n');
      const plan = [
        `forget ${plural(stream.shards.length, 'shard')} of ${name} and where ${ingress} is in them; it starts at its start position again`,
        ...stream.shards.map(({ shardId, checkpoint }) => `  ${shardId}, now at ${formatCheckpoint(checkpoint)}`),
      ];
      const facts = { stream: name, arn: stream.shards[0]!.streamArn, shards: stream.shards.length };
      if (!(await approve(operator, { action: 'streams forget', subject: ingress, facts, plan }, flags))) return;
      const tell = (line: string) => process.stderr.write(`${line}\n`);
      await forgetStream(operator, { ingress, stream, timeoutMs: flags.timeout * 1_000, tell });
      process.stdout.write(`${name} is forgotten; start its ingress-workers again if they stopped with STREAM_RECREATED\n`);
    });
