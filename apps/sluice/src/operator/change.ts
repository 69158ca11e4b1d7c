import type { Command } from 'commander';
import { confirm } from '../terminal/confirm.ts';
import { type AuditEntry, writeAudit } from './audit.ts';
import { NotConfirmedError } from './errors.ts';
import type { Operator } from './open-operator.ts';

export interface ChangeFlags {
  readonly dryRun?: true;
  readonly yes?: true;
}

export const addChangeFlags = (command: Command): Command =>
  command.option('--dry-run', 'show what would be done, and change nothing').option('-y, --yes', 'do not ask for confirmation');

export interface Change extends Pick<AuditEntry, 'action' | 'subject' | 'facts'> {
  /** What will be done, for a person to read. */
  readonly plan: readonly string[];
}

/**
 * Shows a change, asks whether to make it, and notes it in the audit log. Answers `false` for a dry run.
 * @throws {NotConfirmedError} the answer was no, or nobody is there to ask
 */
export async function approve(operator: Operator, { plan, ...entry }: Change, { dryRun, yes }: ChangeFlags): Promise<boolean> {
  process.stdout.write(plan.map((line) => `${line}\n`).join(''));
  if (dryRun) {
    process.stdout.write('dry run: nothing was changed\n');
    return false;
  }
  const answer = yes || (await confirm('Go on?', { input: process.stdin, output: process.stdout }));
  if (!answer) throw new NotConfirmedError(answer === false);
  await writeAudit(operator, entry);
  return true;
}
