import { formatCheckpoint } from '@sluice/lease';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, approve, type ChangeFlags } from '../operator/change.ts';
import { type ChosenShards, chooseShards } from '../operator/chosen-shards.ts';
import { OperatorInputError } from '../operator/errors.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { rewind } from '../operator/rewind.ts';
import { rewindPosition } from '../operator/rewind-position.ts';
import { plural } from '../terminal/quantities.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface RewindFlags extends ConfigFlags, ChangeFlags {
  readonly to: string;
  readonly stream: readonly string[];
  readonly shard: readonly string[];
  readonly timeout: number;
}

const repeat = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `sluice rewind`: read an ingress again from another position. */
export const rewindCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('rewind')))
    .description('Read the shards of an ingress again from another position, while workers run.')
    .argument('<ingress>', 'the id of the ingress, as `sluice shards` shows it before the stream')
    .requiredOption('--to <position>', 'earliest, latest, a time (ISO 8601), or the sequence number after which a shard is read on')
    .option('--stream <name>', 'only this stream of the ingress; repeatable', repeat, [])
    .option('--shard <id>', 'only this shard; repeatable. Children of it keep their checkpoints', repeat, [])
    .option('--timeout <seconds>', 'how long workers and lanes may take to let go of the shards', wholeNumber(1), 60)
    .addHelpText(
      'after',
      `
The ingress is paused, its workers give the shards back, the lanes finish what they have of them and forget them, the checkpoints are set,
and the ingress is resumed. Records that were delivered before are delivered again, after newer ones of their keys.

Examples:
  sluice rewind com.example/flights --to 2026-01-31T12:00:00Z --dry-run
  sluice rewind input/orders --shard shardId-000000000003 --to earliest`,
    )
    .action(async (ingress: string, flags: RewindFlags) => {
      const to = rewindPosition(flags.to, Date.now());
      if (to.kind === 'AFTER' && flags.shard.length !== 1)
        throw new OperatorInputError('a sequence number belongs to one shard: name it with --shard');
      await using operator = await openOperator(flags, process.env, process.stderr);
      const streams = await chooseShards(operator, ingress, { streams: flags.stream, shardIds: flags.shard });
      const shards = streams.flatMap((one) => one.shards.map(({ shardId }) => shardId));
      const facts = { to: formatCheckpoint(to), shards: shards.length > 20 ? shards.length : shards };
      const change = { action: 'rewind', subject: ingress, facts, plan: planOf(ingress, streams, formatCheckpoint(to)) };
      if (!(await approve(operator, change, flags))) return;
      await rewind(operator, {
        ...{ ingress, streams, to, timeoutMs: flags.timeout * 1_000 },
        tell: (line) => process.stderr.write(`${line}\n`),
      });
      process.stdout.write(`${plural(shards.length, 'shard')} of ${ingress} rewound to ${formatCheckpoint(to)}\n`);
    });

const planOf = (ingress: string, streams: readonly ChosenShards[], to: string): string[] => [
  `rewind ${plural(
    streams.reduce((sum, { shards }) => sum + shards.length, 0),
    'shard',
  )} of ${ingress} to ${to}; meanwhile nothing of it is read`,
  ...streams.flatMap(({ stream, shards }) =>
    shards.map(({ shardId, checkpoint }) => `  ${stream} ${shardId}, now at ${formatCheckpoint(checkpoint)}`),
  ),
];
