import { readOverview, unknownTarget } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command, Option } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { renderTargets } from '../operator/lanes-text.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';
import { widthFor } from '../terminal/table.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface LanesFlags extends ConfigFlags {
  readonly target?: string;
  readonly all?: true;
  readonly format: OutputFormat;
}

interface ResizeFlags {
  readonly timeout: number;
  readonly by?: 'key' | 'shard';
}

/** `sluice lanes`: what waits in Redis, and which worker owns it. */
export const lanesCommand = (): Command =>
  addOperatorFlags(
    new Command('lanes')
      .description('Show the lanes of each target: what waits and since when, what is in hand, who owns it, and why it is blocked.')
      .option('-t, --target <target>', 'only this target')
      .option('-a, --all', 'show every idle lane, too')
      .addOption(formatOption())
      .addCommand(resizeCommand()),
  ).action(async (flags: LanesFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const { targets: known } = await readOverview(operator);
    const targets = known.filter(({ target }) => flags.target === undefined || target === flags.target);
    if (flags.target !== undefined && targets.length === 0) throw unknownTarget(flags.target, known);
    const options = { width: widthFor(process.stdout), isAll: flags.all ?? false };
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify({ targets }, null, 2)}\n` : renderTargets(targets, options));
  });

const resizeCommand = (): Command =>
  addChangeFlags(addOperatorFlags(new Command('resize')))
    .description('Give a target another number of lanes, while workers run.')
    .argument('<target>', 'an egress id, the label of an output, or a function type')
    .argument('<lanes>', 'the new number', Number)
    .addOption(new Option('--by <what>', 'what shares a lane: a key, or a source shard for `ordering: shard`').choices(['key', 'shard']))
    .option('--timeout <seconds>', 'how long the lanes may take to be empty', wholeNumber(1), 60)
    .addHelpText(
      'after',
      `
What sends to the target holds back, its lanes are emptied, the number changes, and the workers share the new lanes out. Every worker must be
of this version. The state of functions moves along. Configure the new number afterwards: until then workers warn, and use the new one.`,
    )
    .action(async (target: string, lanes: number, flags: ConfigFlags & ChangeFlags & ResizeFlags) => {
      await connectAndChange(flags, 'lanes.resize', { target, lanes, by: flags.by, timeoutMs: flags.timeout * 1_000 });
    });
