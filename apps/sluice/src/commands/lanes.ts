import { readTargets } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { addDryRunFlag, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { renderTargets } from '../operator/lanes-text.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { formatOption, type OutputFormat } from '../terminal/format-option.ts';

interface LanesFlags extends ConfigFlags {
  readonly target?: string;
  readonly format: OutputFormat;
}

/** `sluice lanes`: what waits in Redis, and which worker owns it. */
export const lanesCommand = (): Command =>
  addOperatorFlags(
    new Command('lanes')
      .description('Show the lanes of each target: what waits, what is in flight, who owns it, and why it is blocked.')
      .option('-t, --target <target>', 'only this target')
      .addOption(formatOption())
      .addCommand(setCommand()),
  ).action(async (flags: LanesFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const targets = await readTargets(operator.session, operator.keyPrefix, flags.target);
    process.stdout.write(flags.format === 'json' ? `${JSON.stringify({ targets }, null, 2)}\n` : renderTargets(targets));
  });

const setCommand = (): Command =>
  addOperatorFlags(
    addDryRunFlag(new Command('set'))
      .description(
        'Give a target another number of lanes. Nothing may send to it, its lanes must be empty and its workers stopped. State of functions moves along.',
      )
      .argument('<target>', 'an egress id, the label of an output, or a function type')
      .argument('<lanes>', 'the new number', Number),
  ).action(async (target: string, lanes: number, flags: ConfigFlags & ChangeFlags) => {
    await connectAndChange({ ...flags, yes: true }, 'lanes.resize', { target, lanes });
  });
