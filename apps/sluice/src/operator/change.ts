import { checkActionInput, type Operator, performAction } from '@sluice/operator';
import type { ConfigFlags } from '@sluice/worker';
import type { Command } from 'commander';
import { confirm } from '../terminal/confirm.ts';
import { NotConfirmedError } from './errors.ts';
import { openOperator } from './open-operator.ts';
import { whoAmI } from './who-am-i.ts';

export interface ChangeFlags {
  readonly dryRun?: true;
  /** Do not ask. */
  readonly yes?: boolean;
}

export const addDryRunFlag = (command: Command): Command => command.option('--dry-run', 'show what would be done, and change nothing');

export const addChangeFlags = (command: Command): Command => addDryRunFlag(command).option('-y, --yes', 'do not ask for confirmation');

/** Checks what the command line says, connects, and makes a {@link change}. */
export async function connectAndChange(flags: ConfigFlags & ChangeFlags, action: string, input: unknown): Promise<void> {
  checkActionInput(action, input);
  await using operator = await openOperator(flags, process.env, process.stderr);
  await change(operator, action, input, flags);
}

/**
 * Performs an action: shows its plan, asks whether to go on, does it, and writes what was done.
 * @throws {NotConfirmedError} the answer was no, or nobody is there to ask
 */
export async function change(operator: Operator, action: string, input: unknown, { dryRun, yes }: ChangeFlags): Promise<void> {
  const write = (stream: NodeJS.WriteStream, lines: readonly string[]) => stream.write(lines.map((line) => `${line}\n`).join(''));
  const { plan, isDone, lines } = await performAction(operator, action, input, {
    by: whoAmI(),
    dryRun: dryRun ?? false,
    tell: (line) => write(process.stderr, [line]),
    async approve(plan) {
      if (yes) return;
      write(process.stderr, plan.lines);
      const answer = await confirm('Go on?', { input: process.stdin, output: process.stderr });
      if (!answer) throw new NotConfirmedError(answer !== undefined);
    },
  });
  if (isDone) return void write(process.stdout, lines);
  write(process.stdout, plan.changes ? [...plan.lines, 'dry run: nothing was changed'] : plan.lines);
}
