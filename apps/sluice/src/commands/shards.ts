import { readStreams } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { renderStreams } from '../operator/shards-text.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';

interface ShardsFlags extends ConfigFlags {
  readonly format: OutputFormat;
}

/** `sluice shards`: which worker reads what, and how far it is. */
export const shardsCommand = (): Command =>
  addOperatorFlags(
    new Command('shards').description('Show the shards of each stream: state, owner and checkpoint.').addOption(formatOption()),
  ).action(async (flags: ShardsFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const streams = await readStreams(operator.session, operator.keyPrefix);
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify({ streams }, null, 2)}\n` : renderStreams(streams));
  });
