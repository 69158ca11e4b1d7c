import { join, resolve } from 'node:path';
import { hasErrors, loadConfig, renderProblem, type SluiceConfig } from '@sluice/config';
import { addConfigFlags, type ConfigFlags, ConfigInvalidError, ConfigMissingError, optionsOf } from '@sluice/worker';
import { Command } from 'commander';
import { NothingToRunError } from '../run/errors.ts';
import { runWorkers, type WorkerCommand } from '../run/run-workers.ts';

const APPS = resolve(import.meta.dirname, '../../..');
/** For what a worker does after its own time is up: closing connections, the last lines of its log. */
const GRACE_MS = 5_000;

/** `sluice run`: the workers that a configuration needs, in one process tree. */
export const runCommand = (): Command =>
  addConfigFlags(
    new Command('run').description('Run the workers that a configuration needs, in one process tree, for small set-ups.').addHelpText(
      'after',
      `
An ingress makes an ingress-worker start, an egress an egress-worker. Signals are passed on; when one of them fails the other is stopped.
Start the workers by themselves to have several of each, or each on a machine of its own.`,
    ),
  ).action(async (flags: ConfigFlags) => {
    if (flags.config.length === 0) throw new ConfigMissingError();
    const { config, problems, sources } = await loadConfig(optionsOf(flags, process.env));
    if (hasErrors(problems)) {
      for (const problem of problems) process.stderr.write(renderProblem(problem, sources));
      throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length);
    }
    const workers = workersFor(config, argumentsOf(flags));
    if (workers.length === 0) throw new NothingToRunError(flags.config);
    const { delayMs, timeoutMs } = config.settings.shutdown;
    process.exitCode = await runWorkers({
      workers,
      patienceMs: delayMs + timeoutMs + GRACE_MS,
      onSignal,
      tell: (line) => process.stderr.write(`sluice: ${line}\n`),
    });
  });

const workersFor = ({ ingresses, egresses }: SluiceConfig, args: readonly string[]): WorkerCommand[] =>
  [...(egresses.length > 0 ? ['egress-worker'] : []), ...(ingresses.length > 0 ? ['ingress-worker'] : [])].map((name) => ({
    name,
    script: join(APPS, name, 'src/main.ts'),
    args,
  }));

/** The flags as the workers take them. */
const argumentsOf = ({ config, envFile, set, strict, chilled, redisUrl, allowVolatile, logLevel }: ConfigFlags): string[] => [
  ...config.flatMap((file) => ['--config', file]),
  ...envFile.flatMap((file) => ['--env-file', file]),
  ...set.flatMap((expression) => ['--set', expression]),
  ...(strict ? ['--strict'] : []),
  ...(chilled ? ['--chilled'] : []),
  ...(redisUrl === undefined ? [] : ['--redis-url', redisUrl]),
  ...(allowVolatile ? ['--allow-volatile'] : []),
  ...(logLevel === undefined ? [] : ['--log-level', logLevel]),
];

function onSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  process.on('SIGTERM', listener).on('SIGINT', listener);
  return () => void process.off('SIGTERM', listener).off('SIGINT', listener);
}
