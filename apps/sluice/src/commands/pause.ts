import type { ConfigFlags } from '@sluice/worker';
import { Command, Option } from 'commander';
import { addChangeFlags, type ChangeFlags, connectAndChange } from '../operator/change.ts';
import { addOperatorFlags } from '../operator/open-operator.ts';

interface PauseFlags extends ConfigFlags, ChangeFlags {
  readonly kind?: string;
  readonly reason?: string;
}

/** `sluice pause`: nobody reads an ingress, or takes the lanes of a target, until it is resumed. */
export const pauseCommand = (): Command =>
  groupCommand('pause', 'Stop reading an ingress, or taking the lanes of an egress, until `sluice resume`. Workers keep running.')
    .option('--reason <text>', 'shown with the pause, and kept in the audit log')
    .action(async (name: string, flags: PauseFlags) => {
      await connectAndChange(flags, 'pause', { name, kind: flags.kind, reason: flags.reason });
    });

/** `sluice resume`: takes a pause back. */
export const resumeCommand = (): Command =>
  groupCommand('resume', 'Take back `sluice pause`: the workers go on within a second.').action(async (name: string, flags: PauseFlags) => {
    await connectAndChange(flags, 'resume', { name, kind: flags.kind });
  });

const groupCommand = (name: string, description: string): Command =>
  addChangeFlags(
    addOperatorFlags(
      new Command(name)
        .description(description)
        .argument('<name>', 'the id of an ingress, of an egress or of a function type, as `sluice shards` and `sluice lanes` show it'),
    ).addOption(new Option('--kind <kind>', 'which one is meant where both have the name').choices(['ingress', 'target'])),
  );
