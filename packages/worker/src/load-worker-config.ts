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
  const files = flags.config.length > 0 ? flags.config : [findDefaultConfig()].filter((file) => file !== undefined);
  if (files.length === 0) throw new ConfigMissingError();
  const { config, problems, sources } = await loadConfig({ ...optionsOf(flags, env), files, workers });
  for (const problem of problems) stderr.write(renderProblem(problem, sources));
  if (hasErrors(problems)) throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length);
  return config;
}

/** What the flags ask `loadConfig` for. */
export const optionsOf = (flags: ConfigFlags, env: NodeJS.ProcessEnv): LoadOptions => ({
  files: flags.config,
  env,
  overrides: [...flags.set, ...settingsOf(flags)],
  envFiles: flags.envFile,
  strict: flags.strict ?? false,
  chilled: flags.chilled ?? false,
});

/** Flags that stand for a setting of ours. */
const settingsOf = ({ redisUrl, allowVolatile, logLevel }: ConfigFlags): FlagSetting[] => [
  ...(redisUrl === undefined ? [] : [{ flag: '--redis-url', path: 'sluice.redis.url', value: redisUrl }]),
  ...(allowVolatile ? [{ flag: '--allow-volatile', path: 'sluice.redis.allow_volatile', value: 'true' }] : []),
  ...(logLevel === undefined ? [] : [{ flag: '--log-level', path: 'sluice.log.level', value: logLevel }]),
];
