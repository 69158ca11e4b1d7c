import { addConfigFlags, addWorkerFlags } from '@sluice/worker';
import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { commandTable } from '../completion/command-table.ts';
import { fishScript } from '../completion/fish-script.ts';
import { installedNames, NAME_KINDS, type NameKind } from '../completion/installed-names.ts';
import { PROCESSES } from '../processes.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `sluice completion`: a script for a shell, made from the commands as they are. @param load the program with every command */
export const completionCommand = (load: () => Promise<Command>): Command =>
  new Command('completion')
    .description('Print a script that makes a shell complete commands, flags, files and names.')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish; `names KIND` is what the scripts ask for names').choices([...SHELLS, 'names']))
    .addArgument(new Argument('[kind]', 'of the names').choices([...NAME_KINDS]))
    .addHelpText(
      'after',
      `
Examples:
  source <(sluice completion bash)                                  # in ~/.bashrc
  source <(sluice completion zsh)                                   # in ~/.zshrc
  sluice completion fish > ~/.config/fish/completions/sluice.fish

Names of ingresses, targets and workers come from the Redis that SLUICE_REDIS_URL names, or from the \`sluice up\` that runs on this machine,
where it answers within 300 ms.`,
    )
    .action(async (shell: (typeof SHELLS)[number] | 'names', kind: NameKind = 'any-name') => {
      if (shell === 'names') {
        const names = await installedNames(kind, process.env);
        process.stdout.write(names.map((name) => `${name}\n`).join(''));
        // A connection that is still being tried.
        process.exit();
      }
      const program = await load();
      for (const process of program.commands.filter((each) => Object.hasOwn(PROCESSES, each.name())))
        (process.name() === 'board' ? addConfigFlags : addWorkerFlags)(process);
      process.stdout.write(shell === 'fish' ? fishScript(commandTable(program)) : bashScript(commandTable(program)));
    });
