import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { readTargets, renderTargets } from '../operator/lanes-report.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';

interface LanesFlags extends ConfigFlags {
  readonly target?: string;
  readonly format: OutputFormat;
}

/** `sluice lanes`: what waits in Redis, and whose turn it is. */
export const lanesCommand = (): Command =>
  addOperatorFlags(
    new Command('lanes')
      .description('Show the lanes of each target: what waits, what is in hand, who owns them, and why one is blocked.')
      .option('-t, --target <target>', 'only this one')
      .addOption(formatOption()),
  ).action(async (flags: LanesFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const targets = await readTargets(operator.session, operator.keyPrefix, flags.target);
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify({ targets }, null, 2)}\n` : renderTargets(targets));
  });
