#!/usr/bin/env node
import { toErrorReport } from '@sluice/core';
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { PROCESSES } from './processes.ts';
import { endOnSignalsWhileLoading } from './run/loading-signals.ts';
import { exitCodeOf, WRONG_USAGE } from './terminal/exit-code.ts';

/** Each is loaded when it is wanted: most of the time until a command answers is spent on loading. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).upCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(handOver),
  blobl: async () => (await import('./commands/blobl.ts')).bloblCommand(),
  lint: async () => (await import('./commands/lint.ts')).lintCommand(),
  test: async () => (await import('./commands/test.ts')).testCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
  create: async () => (await import('./commands/create.ts')).createCommand(),
  lanes: async () => (await import('./commands/lanes.ts')).lanesCommand(),
  jobs: async () => (await import('./commands/jobs.ts')).jobsCommand(),
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).deadLettersCommand(),
  functions: async () => (await import('./commands/functions.ts')).functionsCommand(),
  state: async () => (await import('./commands/state.ts')).stateCommand(),
  shards: async () => (await import('./commands/shards.ts')).shardsCommand(),
  workers: async () => (await import('./commands/workers.ts')).workersCommand(),
  top: async () => (await import('./commands/top.ts')).topCommand(),
  pause: async () => (await import('./commands/pause.ts')).pauseCommand(),
  resume: async () => (await import('./commands/pause.ts')).resumeCommand(),
  move: async () => (await import('./commands/move.ts')).moveCommand(),
  rewind: async () => (await import('./commands/rewind.ts')).rewindCommand(),
  'import-checkpoints': async () => (await import('./commands/import-checkpoints.ts')).importCheckpointsCommand(),
  streams: async () => (await import('./commands/streams.ts')).streamsCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  completion: async () => (await import('./commands/completion.ts')).completionCommand(() => programOf(Object.values(commands))),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  tail: async () => (await import('./commands/tail.ts')).tailCommand(),
  put: async () => (await import('./commands/put.ts')).putCommand(),
};

const [, , name = ''] = process.argv;
const tell = (line: string) => void process.stderr.write(`sluice: ${line}\n`);
const handOver = name === 'run' ? endOnSignalsWhileLoading({ process, tell, exit: process.exit }) : () => undefined;
const program = await programOf(Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands));

// The reader has gone (`… | head`) and has what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = toErrorReport(error);
  process.stderr.write(`sluice: ${message} (${code})\n`);
  process.exitCode = exitCodeOf(code);
}

async function programOf(loaders: readonly (() => Promise<Command>)[]): Promise<Command> {
  const whole = new Command('sluice')
    .description('Moves records into and out of Amazon Kinesis Data Streams.')
    .version(manifest.version, '-v, --version', 'the version of Sluice')
    // A command may have a `-v` of its own.
    .enablePositionalOptions();
  // What stands behind a command of a command is for that one, though both have such an option.
  for (const load of loaders) whole.addCommand((await load()).enablePositionalOptions());
  // start.mjs starts them before anything else is loaded; here they are for the help.
  for (const [process, { description }] of Object.entries(PROCESSES)) whole.command(process).description(description);
  hintAtHelp(whole, 'sluice');
  return whole;
}

/** Below a message about the command line, where to read on. */
function hintAtHelp(command: Command, name: string): void {
  command.showHelpAfterError(`(${name} --help shows how it is used)`).exitOverride(({ exitCode }) => process.exit(exitCode && WRONG_USAGE));
  for (const subcommand of command.commands) hintAtHelp(subcommand, `${name} ${subcommand.name()}`);
}
