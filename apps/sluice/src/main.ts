#!/usr/bin/env node
import { toErrorReport } from '@sluice/core';
import { Command } from 'commander';
import { bloblCommand } from './commands/blobl.ts';
import { configCommand } from './commands/config.ts';
import { createCommand } from './commands/create.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { lanesCommand } from './commands/lanes.ts';
import { lintCommand } from './commands/lint.ts';
import { runCommand } from './commands/run.ts';
import { shardsCommand } from './commands/shards.ts';
import { upCommand } from './commands/up.ts';

const program = new Command('sluice').description('Moves records into and out of Amazon Kinesis Data Streams.');
program.addCommand(upCommand());
program.addCommand(runCommand());
program.addCommand(bloblCommand());
program.addCommand(lintCommand());
program.addCommand(configCommand());
program.addCommand(createCommand());
program.addCommand(lanesCommand());
program.addCommand(deadLettersCommand());
program.addCommand(shardsCommand());
hintAtHelp(program, 'sluice');

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = toErrorReport(error);
  process.stderr.write(`sluice: ${message} (${code})\n`);
  process.exitCode = 1;
}

/** Below a message about the command line, where to read on. */
function hintAtHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help shows how it is used)`);
  for (const subcommand of command.commands) hintAtHelp(subcommand, `${name} ${subcommand.name()}`);
}
