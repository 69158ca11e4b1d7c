import { type Logger, toErrorReport } from '@sluice/core';
import type { TelemetryEvent } from '@sluice/telemetry';
import { type RunningWorker, startWorker, type WorkerDefinition } from '@sluice/worker';
import { type ConfigDocument, readConfig } from './read-config.ts';

/** What a worker does: read streams, write to streams, or call remote functions. */
export type WorkerKind = 'ingress' | 'egress' | 'function';

export interface CreateWorkerOptions {
  readonly kind: WorkerKind;
  /** Paths of configuration files, as `--config` takes them. */
  readonly files?: readonly string[];
  /** Documents that are in no file: YAML text, or the value that its YAML would have. Their `sluice:` settings win over those of files. */
  readonly config?: ConfigDocument | readonly ConfigDocument[];
  /**
   * For `${NAME}` in documents, `SLUICE_…` settings, region and endpoint. Where the configuration names no credentials, the AWS SDK looks for them in
   * `process.env`, whatever this is.
   * @default process.env
   */
  readonly env?: NodeJS.ProcessEnv;
  /** In leases, logs and metrics; unique among all workers. @default a new one */
  readonly workerId?: string;
  /** Where `/ready`, `/metrics` and `/actors` are served, on `sluice.host`. @default 0, a free port */
  readonly operationsPort?: number;
  /** Takes the log lines; it bounds neither level nor rate. @default JSON lines on standard error, as `sluice.log` says */
  readonly logger?: Logger;
  /** Hears of everything that the worker reports, in the same tick: keep it short. What it throws is logged. */
  readonly onEvent?: (event: TelemetryEvent) => void;
  /** Stops the worker once it aborts. */
  readonly signal?: AbortSignal;
}

/** A worker that runs in this process. Disposing of it stops it. */
export type Worker = RunningWorker;

/** Loaded when wanted: a program that embeds one kind need not hold the others. */
const definitions: Readonly<Record<WorkerKind, () => Promise<WorkerDefinition>>> = {
  ingress: async () => (await import('@sluice/ingress-worker')).ingressWorker,
  egress: async () => (await import('@sluice/egress-worker')).egressWorker,
  function: async () => (await import('@sluice/function-worker')).functionWorker,
};

/**
 * Starts a worker in this process, as `sluice ingress-worker` and its kind do in one of their own. Resolves once its operations port is open,
 * before Redis is reached; `ready` says when it works.
 * @throws {WorkerConfigError} the configuration has errors, each in `problems`
 * @throws {NothingToDoError} the configuration asks nothing of this kind of worker
 * @throws {PortError} its operations port is in use
 */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { kind, files, config: documents, env = process.env, workerId, operationsPort = 0, logger, onEvent, signal } = options;
  signal?.throwIfAborted();
  const definition = await definitions[kind]();
  const config = await readConfig({ files, config: documents, env }, definition.app, logger);
  const worker = await startWorker(definition, {
    ...{ config, env, operationsPort },
    ...(workerId === undefined ? {} : { workerId }),
    ...(logger === undefined ? {} : { logger }),
    ...(onEvent === undefined ? {} : { events: { emit: (event) => tell(onEvent, event, logger) } }),
  });
  const stop = () => void worker.stop().catch(() => undefined);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  void worker.ended.catch(() => undefined).finally(() => signal?.removeEventListener('abort', stop));
  return worker;
}

function tell(onEvent: (event: TelemetryEvent) => void, event: TelemetryEvent, logger?: Logger): void {
  try {
    onEvent(event);
  } catch (error) {
    const { message: reason } = toErrorReport(error);
    logger?.error('the listener of events failed', { event: event.type, reason });
  }
}
