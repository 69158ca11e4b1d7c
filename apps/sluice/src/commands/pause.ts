import { pauseGroup, readPause, resumeGroup } from '@sluice/lease';
import type { ConfigFlags } from '@sluice/worker';
import { Command, Option } from 'commander';
import { whoAmI } from '../operator/audit.ts';
import { addChangeFlags, approve, type ChangeFlags } from '../operator/change.ts';
import { findGroup, type GroupKind, membersOf } from '../operator/groups.ts';
import { addOperatorFlags, openOperator } from '../operator/open-operator.ts';
import { pauseText } from '../operator/pauses.ts';
import { plural } from '../terminal/quantities.ts';

interface PauseFlags extends ConfigFlags, ChangeFlags {
  readonly kind?: GroupKind;
  readonly reason?: string;
}

const WHAT_IT_MEANS: Readonly<Record<GroupKind, string>> = {
  ingress: 'its shards are read by nobody, and their checkpoints stay; records older than the retention of the stream are lost to it',
  target: 'its lanes are emptied by nobody and fill up to the high-water mark; then the readers that feed it wait too',
};

/** `sluice pause`: nobody reads an ingress, or takes the lanes of a target, until it is resumed. */
export const pauseCommand = (): Command =>
  groupCommand('pause', 'Stop reading an ingress, or taking the lanes of an egress, until `sluice resume`. Workers keep running.')
    .option('--reason <text>', 'shown with the pause, and kept in the audit log')
    .action(async (name: string, flags: PauseFlags) => {
      await using operator = await openOperator(flags, process.env, process.stderr);
      const { session } = operator;
      const group = await findGroup(operator, name, flags.kind);
      const before = await readPause(session, group.key);
      if (before) return void process.stdout.write(`${group.kind} ${name} is ${pauseText(before)}\n`);
      const plan = [
        `pause ${group.kind} ${name}: ${plural(await membersOf(session, group.key), 'worker')} will give back their leases, each after what it has in hand`,
        `meanwhile ${WHAT_IT_MEANS[group.kind]}`,
      ];
      const reason = flags.reason ?? '';
      if (!(await approve(operator, { action: 'pause', subject: name, facts: { kind: group.kind, reason }, plan }, flags))) return;
      await pauseGroup(session, group.key, { by: whoAmI(), reason });
      process.stdout.write(`paused; \`sluice resume ${name}\` takes it back\n`);
    });

/** `sluice resume`: takes a pause back. */
export const resumeCommand = (): Command =>
  groupCommand('resume', 'Take back `sluice pause`: the workers go on within a second.').action(async (name: string, flags: PauseFlags) => {
    await using operator = await openOperator(flags, process.env, process.stderr);
    const group = await findGroup(operator, name, flags.kind);
    const pause = await readPause(operator.session, group.key);
    if (!pause) return void process.stdout.write(`${group.kind} ${name} is not paused\n`);
    const plan = [`resume ${group.kind} ${name}, ${pauseText(pause)}`];
    if (!(await approve(operator, { action: 'resume', subject: name, facts: { kind: group.kind }, plan }, flags))) return;
    await resumeGroup(operator.session, group.key);
    process.stdout.write('resumed\n');
  });

const groupCommand = (name: string, description: string): Command =>
  addChangeFlags(
    addOperatorFlags(
      new Command(name)
        .description(description)
        .argument('<name>', 'the id of an ingress, of an egress or of a function type, as `sluice shards` and `sluice lanes` show it'),
    ).addOption(new Option('--kind <kind>', 'which one is meant where both have the name').choices(['ingress', 'target'])),
  );
