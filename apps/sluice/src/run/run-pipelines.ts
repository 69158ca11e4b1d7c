import type { SluiceConfig } from '@sluice/config';
import { systemClock } from '@sluice/core';
import { runPipeline } from '@sluice/pipeline';
import { createLogger } from '@sluice/telemetry';
import { NotAloneError, RunFlagError } from './errors.ts';

export interface RunPipelinesOptions {
  /** Named in errors. */
  readonly files: readonly string[];
  /** Changes of state of actors are to be logged. */
  readonly isInspected: boolean;
  /** Subscribes to the signals that ask to stop; answers how to unsubscribe. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
}

/**
 * Runs what needs no lanes in this process, until the inputs end or a signal stops them.
 * @throws {NotAloneError} there are workers to run too
 * @throws {RunFlagError} actors are to be inspected: there are none
 */
export async function runPipelines(
  { pipelines, ingresses, endpoints, settings }: SluiceConfig,
  { files, isInspected, onSignal }: RunPipelinesOptions,
): Promise<void> {
  if (ingresses.length > 0 || endpoints.length > 0) throw new NotAloneError(files);
  if (isInspected) throw new RunFlagError('--inspect', 'it has no actors');
  const { delayMs, timeoutMs } = settings.shutdown;
  const stop = new AbortController();
  const offSignal = onSignal((signal) => {
    if (signal !== 'SIGHUP') setTimeout(() => stop.abort(), delayMs).unref();
  });
  // What waits for others to hand something on keeps no process running.
  const alive = setInterval(() => undefined, 60_000);
  const ports = {
    settings,
    clock: systemClock,
    logger: createLogger({ ...settings.log, facts: { app: 'sluice' } }),
    stdin: process.stdin,
    stdout: process.stdout,
  };
  try {
    await Promise.all(pipelines.map((pipeline) => runPipeline(pipeline, { ...ports, stop: stop.signal, shutdownTimeoutMs: timeoutMs })));
  } finally {
    clearInterval(alive);
    offSignal();
  }
}
