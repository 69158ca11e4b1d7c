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

const program = new Command('sluice').description('Moves records into and out of Amazon Kinesis Data Streams.').showHelpAfterError();
program.addCommand(upCommand());
program.addCommand(runCommand());
program.addCommand(bloblCommand());
program.addCommand(lintCommand());
program.addCommand(configCommand());
program.addCommand(createCommand());
program.addCommand(lanesCommand());
program.addCommand(deadLettersCommand());
program.addCommand(shardsCommand());

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = toErrorReport(error);
  process.stderr.write(`sluice: ${message} (${code})\n`);
  process.exitCode = 1;
}
