import { globSync } from 'node:fs';
import {
  type FlagSetting,
  findDefaultConfig,
  hasErrors,
  type LoadOptions,
  loadConfig,
  renderProblem,
  type SluiceConfig,
  type WorkerRole,
} from '@sluice/config';
import { ConfigInvalidError, ConfigMissingError } from './errors.ts';
import type { ConfigSource } from './reload/worker-configuration.ts';
import type { ConfigFlags } from './worker-flags.ts';

/**
 * The configuration that the flags name, or the first file that lies where Benthos looks for one. Every problem is written to `stderr` with file, line and column; warnings do not stop.
 * @throws {ConfigMissingError} none is named and none is found
 * @throws {ConfigInvalidError} one of the problems is an error
 */
export async function loadWorkerConfig(
  flags: ConfigFlags,
  env: NodeJS.ProcessEnv,
  stderr: { write(text: string): unknown },
  workers: readonly WorkerRole[] = [],
): Promise<SluiceConfig> {
  const files = filesOf(flags);
  if (files.length === 0) throw new ConfigMissingError();
  const { config, problems, sources } = await loadConfig({ ...optionsOf(flags, env), files, workers });
  for (const problem of problems) stderr.write(renderProblem(problem, sources));
  if (hasErrors(problems)) throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length);
  return config;
}

/** The same configuration, to be loaded again while a worker runs. */
export const configSourceOf = (flags: ConfigFlags, env: NodeJS.ProcessEnv, workers: readonly WorkerRole[]): ConfigSource => ({
  load: () => loadConfig({ ...optionsOf(flags, env), files: filesOf(flags), workers }),
  files: () => [...filesOf(flags), ...globSync([...flags.resources, ...flags.templates, ...flags.envFile]), ...secretFilesOf(env)],
});

const filesOf = ({ config }: ConfigFlags): readonly string[] =>
  config.length > 0 ? config : [findDefaultConfig()].filter((file) => file !== undefined);

/** Files that hold the value of a setting, such as a password. */
const secretFilesOf = (env: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(env).flatMap(([name, file]) => (/^(SLUICE_\w+|REDIS_URL)_FILE$/.test(name) && file ? [file] : []));

/** What the flags ask `loadConfig` for. */
export const optionsOf = (flags: ConfigFlags, env: NodeJS.ProcessEnv): LoadOptions => ({
  files: flags.config,
  resources: flags.resources,
  templates: flags.templates,
  env,
  overrides: [...flags.set, ...settingsOf(flags)],
  envFiles: flags.envFile,
  strict: flags.strict ?? false,
  chilled: flags.chilled ?? false,
});

/** Flags that stand for a setting of ours. */
const settingsOf = ({ redisUrl, allowVolatile, logLevel, watcher }: ConfigFlags): FlagSetting[] => [
  ...(redisUrl === undefined ? [] : [{ flag: '--redis-url', path: 'sluice.redis.url', value: redisUrl }]),
  ...(allowVolatile ? [{ flag: '--allow-volatile', path: 'sluice.redis.allow_volatile', value: 'true' }] : []),
  ...(logLevel === undefined ? [] : [{ flag: '--log-level', path: 'sluice.log.level', value: logLevel }]),
  ...(watcher ? [{ flag: '--watcher', path: 'sluice.watcher', value: 'true' }] : []),
];
