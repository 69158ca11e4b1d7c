import type { ComponentSettings } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import { persistent } from '../stages/persistent.ts';

interface RetryOptions {
  readonly output: ComponentSettings;
  readonly max_retries: number;
  /** Milliseconds. */
  readonly backoff: { readonly initial_interval: number; readonly max_interval: number; readonly max_elapsed_time: number };
}

/** `retry`: delivers a batch that its output refuses, in whole or in part, again as a whole. */
export const retry: BuildOutput = (settings, context) => {
  const { output, max_retries: maxRetries, backoff } = optionsOf<RetryOptions>(settings);
  const logger = context.logger.child({ path: settings.path });
  return persistent(context.output(output), {
    backoff: {
      ...{ initialIntervalMs: backoff.initial_interval, maxIntervalMs: backoff.max_interval },
      ...{ maxElapsedMs: backoff.max_elapsed_time, maxRetries },
    },
    repeatsWhole: true,
    clock: context.clock,
    signal: context.signal,
    onFailure: (error) => logger.warn('batch refused, to be delivered again', { reason: error.message }),
  });
};
