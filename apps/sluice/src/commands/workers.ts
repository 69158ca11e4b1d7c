import { readOverview } from '@sluice/operator';
import { readReports } from '@sluice/status';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { renderWorkers } from '../operator/workers-text.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { widthFor } from '../terminal/table.ts';

interface WorkersFlags extends ConfigFlags {
  readonly format: OutputFormat;
}

/** `sluice workers`: who works, how fast, and whether it is ready. */
export const workersCommand = (): Command =>
  addOperatorFlags(
    new Command('workers')
      .description('Show the workers that run: whether each is ready and why not, its load, and how fast it writes or calls functions.')
      .addOption(formatOption()),
  ).action(async (flags: WorkersFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    if (flags.format === 'json') {
      const workers = await readReports(operator.session, operator);
      process.stdout.write(`${JSON.stringify({ workers }, null, 2)}\n`);
    } else process.stdout.write(renderWorkers(await readOverview(operator), widthFor(process.stdout)));
  });
