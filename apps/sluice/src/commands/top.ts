import { readOverview } from '@sluice/operator';
import type { Overview } from '@sluice/status';
import type { ConfigFlags } from '@sluice/worker';
import { Command, InvalidArgumentError } from 'commander';
import { renderTargets } from '../operator/lanes-text.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { renderStreams } from '../operator/shards-text.ts';
import { renderWorkers } from '../operator/workers-text.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { widthFor } from '../terminal/table.ts';
import { runTop } from '../top/run-top.ts';
import { summaryLines } from '../top/summary.ts';

interface TopFlags extends ConfigFlags {
  readonly once?: true;
  readonly interval: number;
  readonly format: OutputFormat;
}

/** `sluice top`: the whole installation, live. */
export const topCommand = (): Command =>
  addOperatorFlags(
    new Command('top')
      .description('Show the whole installation, live: shards, lanes, writers, workers, functions, dead letters.')
      .option('--once', 'print one picture and end, as without a terminal')
      .option('--interval <seconds>', 'time between two pictures', seconds, 1)
      .addOption(formatOption()),
  ).action(async (flags: TopFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const { stdin: input, stdout: output } = process;
    if (flags.format === 'json') output.write(`${JSON.stringify(await readOverview(operator), null, 2)}\n`);
    else if (flags.once || !input.isTTY || !output.isTTY) output.write(renderPicture(await readOverview(operator), widthFor(output)));
    else await runTop(operator, { everyMs: flags.interval * 1_000, input, output });
  });

const renderPicture = (overview: Overview, width: number): string =>
  [
    summaryLines(overview, width)
      .map((line) => `${line}\n`)
      .join(''),
    renderStreams(overview.streams, { width, isAll: false }),
    renderTargets(overview.targets, { width, isAll: false }),
    renderWorkers(overview, width),
  ].join('\n');

const LEAST_SECONDS = 0.2;

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= LEAST_SECONDS && value <= 3_600)) throw new InvalidArgumentError(`expected seconds from ${LEAST_SECONDS} to 3600.`);
  return value;
}
