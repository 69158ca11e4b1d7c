import { readOverview } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { renderStreams } from '../operator/shards-text.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { widthFor } from '../terminal/table.ts';

interface ShardsFlags extends ConfigFlags {
  readonly all?: true;
  readonly format: OutputFormat;
}

/** `sluice shards`: which worker reads what, and how far it is. */
export const shardsCommand = (): Command =>
  addOperatorFlags(
    new Command('shards')
      .description('Show the shards of each stream: state, owner, how far it is behind, how fast it is read, and its checkpoint.')
      .option('-a, --all', 'show every shard, also those that were read to their end, and all that are up to date')
      .addOption(formatOption()),
  ).action(async (flags: ShardsFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const { streams } = await readOverview(operator);
    const options = { width: widthFor(process.stdout), isAll: flags.all ?? false };
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify({ streams }, null, 2)}\n` : renderStreams(streams, options));
  });
