import { hasErrors, type SluiceConfig } from '@sluice/config';
import type { Logger } from '@sluice/core';
import { ConfigInvalidError, ConfigSourceMissingError } from '../errors.ts';
import type { ConfigSource } from './worker-configuration.ts';

/**
 * The configuration as its files have it now. Every problem is logged with file, line and column.
 * @throws {ConfigInvalidError} one of them is an error
 * @throws {ConfigSourceMissingError} the worker was given a configuration without files
 */
export async function loadAnew(source: ConfigSource | undefined, logger: Logger): Promise<SluiceConfig> {
  if (!source) throw new ConfigSourceMissingError();
  const { config, problems } = await source.load();
  for (const { severity, file, line, column, code, message } of problems)
    logger[severity === 'error' ? 'error' : 'warn']('configuration has a problem', { file, line, column, problem: code, reason: message });
  if (!hasErrors(problems)) return config;
  throw new ConfigInvalidError(problems.filter(({ severity }) => severity === 'error').length, 'nothing was changed');
}
