import { fileURLToPath } from 'node:url';
import { hasErrors, loadConfig, renderProblem } from '@sluice/config';
import {
  addConfigFlags,
  addWatcherFlag,
  type ConfigFlags,
  ConfigInvalidError,
  ConfigMissingError,
  optionsOf,
  SHORT_TEMPLATES,
} from '@sluice/worker';
import { Command } from 'commander';
import { chooseWorkers } from '../run/choose-workers.ts';
import { redisForRun } from '../run/redis-for-run.ts';
import { runWorkers } from '../run/run-workers.ts';

/** Added to a worker's own shutdown time-out: it closes connections and writes its last log lines. */
const GRACE_MS = 5_000;

interface RunFlags extends ConfigFlags {
  readonly egressOnly?: true;
  readonly inspect?: true;
}

/**
 * `sluice run`: the workers that a configuration needs, in one process tree.
 * @param onSignals called once what runs listens to signals
 */
export const runCommand = (onSignals: () => void): Command =>
  addWatcherFlag(
    addConfigFlags(
      new Command('run')
        .description('Run the workers that a configuration needs, in one process tree, for small set-ups.')
        .argument('[files...]', 'configuration files, as with --config')
        .addHelpText(
          'after',
          `
Example: sluice run benthos.yaml sluice.yaml

What reads no Kinesis runs in this process, without Redis. Else workers are started:
an ingress starts an ingress-worker, an endpoint a function-worker, an egress an egress-worker. Signals are passed on; when one of the
workers fails the others are stopped.
Where no Redis is configured and none is at redis://127.0.0.1:6379, one is started that keeps nothing: for trying things out.
Start the workers by themselves to run several of each, or each on its own machine.

SIGHUP makes each worker load the configuration anew, as --watcher does when a file changes. A kind of worker that was not started at first
is not started then: restart for that.`,
        ),
      SHORT_TEMPLATES,
    ),
  )
    .option('--inspect', 'log each change of state of an actor')
    .option('--egress-only', 'run the egress-worker alone: other programs put the records on its egresses')
    .action(async (files: readonly string[], { config: named, ...others }: RunFlags) => {
      const onSignal = (listener: (signal: NodeJS.Signals) => void) => {
        const off = listenToSignals(listener);
        onSignals();
        return off;
      };
      const flags: RunFlags = { ...others, config: [...named, ...files] };
      if (flags.config.length === 0) throw new ConfigMissingError();
      const loaded = await loadConfig({
        ...optionsOf(flags, process.env),
        workers: flags.egressOnly ? ['egress-worker'] : ['egress-worker', 'function-worker', 'ingress-worker', 'pipeline'],
      });
      const { config, problems, sources } = loaded;
      for (const problem of problems.filter(({ severity }) => severity === 'error')) process.stderr.write(renderProblem(problem, sources));
      if (hasErrors(problems)) throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length);
      if (config.pipelines.length > 0 && !flags.egressOnly) {
        const { runPipelines } = await import('../run/run-pipelines.ts');
        await runPipelines(config, { files: flags.config, isInspected: flags.inspect ?? false, onSignal });
        // Standard input may still be open, and what was given up still wait.
        process.exit();
      }
      const roles = chooseWorkers(config, { files: flags.config, isEgressOnly: flags.egressOnly ?? false });
      const tell = (line: string) => void process.stderr.write(`sluice: ${line}\n`);
      // What other programs feed must be where they find it.
      await using redis = flags.egressOnly ? undefined : await redisForRun(loaded, { tell });
      const { delayMs, timeoutMs } = config.settings.shutdown;
      process.exitCode = await runWorkers({
        workers: roles.map((role) => ({
          name: role,
          script: fileURLToPath(import.meta.resolve(`@sluice/${role}/main`)),
          args: argumentsOf(redis ? { ...flags, redisUrl: redis.url, allowVolatile: true } : flags),
        })),
        patienceMs: delayMs + timeoutMs + GRACE_MS,
        onSignal,
        ...(redis && { lost: redis.ended.then(() => 'its Redis has ended') }),
        tell,
      });
    });

/** The flags as the workers take them. */
const argumentsOf = ({
  config,
  resources,
  templates,
  envFile,
  set,
  strict,
  chilled,
  redisUrl,
  allowVolatile,
  logLevel,
  watcher,
  inspect,
}: RunFlags): string[] => [
  ...config.flatMap((file) => ['--config', file]),
  ...resources.flatMap((file) => ['--resources', file]),
  ...templates.flatMap((file) => ['--templates', file]),
  ...envFile.flatMap((file) => ['--env-file', file]),
  ...set.flatMap((expression) => ['--set', expression]),
  ...(strict ? ['--strict'] : []),
  ...(chilled ? ['--chilled'] : []),
  ...(redisUrl === undefined ? [] : ['--redis-url', redisUrl]),
  ...(allowVolatile ? ['--allow-volatile'] : []),
  ...(logLevel === undefined ? [] : ['--log-level', logLevel]),
  ...(watcher ? ['--watcher'] : []),
  ...(inspect ? ['--inspect'] : []),
];

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

function listenToSignals(listener: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
