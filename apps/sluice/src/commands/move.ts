import type { ConfigFlags } from '@sluice/worker';
import { Command, Option } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags } from '../operator/open-operator.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface MoveFlags extends ConfigFlags, ChangeFlags {
  readonly to: string;
  readonly kind?: string;
  readonly timeout: number;
}

/** `sluice move`: a shard or a lane to another worker. */
export const moveCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('move')))
    .description('Give a shard or a lane to another worker, while workers run.')
    .argument('<name>', 'the id of a shard, INGRESS/STREAM/SHARD where several streams have it, or a lane as TARGET/LANE')
    .requiredOption('--to <worker>', 'the id of the worker, or how only its id begins')
    .addOption(new Option('--kind <kind>', 'which one is meant where both have the name').choices(['shard', 'lane']))
    .option('--timeout <seconds>', 'how long to wait until the worker has it', wholeNumber(1), 60)
    .addHelpText(
      'after',
      `
Its owner finishes what it has in hand first. The balance between workers leaves it there for ten minutes, unless the worker goes.

Examples:
  sluice move shardId-000000000003 --to ingress-b
  sluice move output/orders/7 --to egress-a --dry-run`,
    )
    .action(async (name: string, { to, kind, timeout, ...flags }: MoveFlags) => {
      await connectAndChange(flags, 'move', { name, to, kind, timeoutMs: timeout * 1_000 });
    });
