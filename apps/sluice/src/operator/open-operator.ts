import { hasErrors, loadConfig, renderProblem, type SluiceConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import type { Operator } from '@sluice/operator';
import { connectRedis } from '@sluice/redis';
import { addConfigFlags, type ConfigFlags, ConfigInvalidError, findInstallation, optionsOf, redisSettingsOf } from '@sluice/worker';
import type { Command } from 'commander';

/** What the commands for operators work on. */
export interface ConfiguredOperator extends Operator, AsyncDisposable {
  readonly config: SluiceConfig;
  /** Flags name a configuration: it is more than the defaults. */
  readonly isConfigured: boolean;
}

export const addOperatorFlags = (command: Command): Command =>
  addConfigFlags(command).addHelpText(
    'after',
    '\nOnly the Redis settings matter here. Without --config they come from SLUICE_REDIS_URL and the other variables, else from the installation\nthat `sluice up` runs on this machine, else they are the defaults.',
  );

/**
 * Connects to the Redis that the flags name. Unlike a worker it gives up soon, and accepts any Redis.
 * @throws {RedisUnreachableError} no answer within `connect_timeout`
 */
export async function openOperator(
  flags: ConfigFlags,
  env: NodeJS.ProcessEnv,
  stderr: { write(text: string): unknown },
): Promise<ConfiguredOperator> {
  const installation = namesRedis(flags, env) ? undefined : findInstallation(env);
  const { config, problems, sources } = await loadConfig(optionsOf(flags, { ...env, ...installation?.env }));
  const errors = problems.filter(({ severity }) => severity === 'error');
  for (const problem of errors) stderr.write(renderProblem(problem, sources));
  if (hasErrors(errors)) throw new ConfigInvalidError(errors.length);
  const { redis } = config.settings;
  const session = await connectRedis(
    { ...(await redisSettingsOf(redis)), connectionName: 'sluice operator' },
    { logger: silentLogger, clock: systemClock, giveUpAfterMs: redis.connectTimeoutMs },
  );
  const isConfigured = flags.config.length > 0 || flags.set.length > 0;
  return { session, keyPrefix: redis.prefix, config, isConfigured, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
}

/** Whether the flags or the environment say where Redis is. */
const namesRedis = (flags: ConfigFlags, env: NodeJS.ProcessEnv): boolean =>
  flags.config.length > 0 || flags.set.length > 0 || flags.redisUrl !== undefined || env['SLUICE_REDIS_URL'] !== undefined;
