import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags } from '../operator/open-operator.ts';
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
    .requiredOption(
      '--to <position>',
      'earliest, latest, a time (ISO 8601), a duration back (-2h), the sequence number after which a shard is read on, or at:NUMBER to include it',
    )
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
  sluice rewind com.example/flights --to -2h
  sluice rewind input/orders --shard shardId-000000000003 --to earliest`,
    )
    .action(async (ingress: string, { to, stream, shard, timeout, ...flags }: RewindFlags) => {
      await connectAndChange(flags, 'rewind', { ingress, to, streams: stream, shards: shard, timeoutMs: timeout * 1_000 });
    });
