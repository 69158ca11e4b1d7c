import { toErrorReport } from '@sluice/core';
import { Command } from 'commander';
import { bloblCommand } from './commands/blobl.ts';
import { configCommand } from './commands/config.ts';
import { createCommand } from './commands/create.ts';
import { lintCommand } from './commands/lint.ts';
import { upCommand } from './commands/up.ts';

const program = new Command('sluice').description('Moves records into and out of Amazon Kinesis Data Streams.').showHelpAfterError();
program.addCommand(upCommand());
program.addCommand(bloblCommand());
program.addCommand(lintCommand());
program.addCommand(configCommand());
program.addCommand(createCommand());

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = toErrorReport(error);
  process.stderr.write(`sluice: ${message} (${code})\n`);
  process.exitCode = 1;
}
