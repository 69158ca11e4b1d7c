import type { SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, toErrorReport } from '@sluice/core';
import { loadAnew } from './load-anew.ts';
import { watchFiles } from './watch-files.ts';
import type { ConfigSource } from './worker-configuration.ts';

export interface NextConfigurationOptions {
  readonly source: ConfigSource;
  /** Whether its files are watched, beside SIGHUP. */
  readonly isWatched: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * For a program that keeps nothing in hand, and starts anew within its process: the next configuration without errors, after SIGHUP or a
 * change of its files; `undefined` once the signal is aborted. One with errors is logged and passed over.
 */
export async function nextConfiguration(options: NextConfigurationOptions, signal: AbortSignal): Promise<SluiceConfig | undefined> {
  const { source, isWatched, logger, clock } = options;
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const next = Promise.withResolvers<SluiceConfig | undefined>();
  const load = () =>
    void loadAnew(source, logger).then(next.resolve, (error: unknown) =>
      logger.error('new configuration was refused; the one before stays in force', { ...toErrorReport(error) }),
    );
  const stop = () => next.resolve(undefined);
  process.on('SIGHUP', load);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  if (isWatched) void watchFiles({ files: () => source.files(), clock, onChange: load }, until);
  try {
    return await next.promise;
  } finally {
    process.off('SIGHUP', load);
    signal.removeEventListener('abort', stop);
    ending.abort();
  }
}
