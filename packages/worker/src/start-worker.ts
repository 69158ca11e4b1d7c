import { type ActorChange, ActorTree } from '@sluice/actor-kit';
import type { SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, RELEASE, systemClock } from '@sluice/core';
import { createWorkerId } from '@sluice/lease';
import { createReportStore } from '@sluice/status';
import type { EventSink, Telemetry } from '@sluice/telemetry';
import { type Actor, createActor, fromPromise, waitFor } from 'xstate';
import { openRedis } from './open-redis.ts';
import { watchLiveness } from './operations/liveness.ts';
import { type OperationsServer, serveOperations } from './operations/operations-server.ts';
import { createWorkerStatus } from './operations/worker-status.ts';
import { createProcessLogger } from './process-logger.ts';
import { createReloadActors } from './reload/reload-actors.ts';
import { reportReload } from './reload/report-reload.ts';
import { type ConfigSource, shutdownLimitsOf, WorkerConfiguration } from './reload/worker-configuration.ts';
import { type Readiness, readinessOf } from './root/readiness.ts';
import { type Connection, workerMachine } from './root/worker.machine.ts';
import type { WorkerDefinition } from './worker-definition.ts';
import { openWorkerTelemetry } from './worker-telemetry.ts';

export interface StartWorkerOptions {
  readonly config: SluiceConfig;
  /** Where the configuration comes from. Without it, it is never loaded anew. */
  readonly source?: ConfigSource;
  readonly env: NodeJS.ProcessEnv;
  /** In leases, logs and metrics. A new one where absent. */
  readonly workerId?: string;
  /** Instead of the configured one; 0 takes a free port. */
  readonly operationsPort?: number;
  /** Logs each change of state of an actor. */
  readonly inspect?: boolean;
  /** By default one for standard error, as the configuration has it. */
  readonly logger?: Logger;
  /** Hears of every event, beside the log and the metrics. */
  readonly events?: EventSink;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
}

/** A worker that runs in this process. Disposing of it stops it. */
export interface RunningWorker extends AsyncDisposable {
  readonly workerId: string;
  /** Where `/ping`, `/live`, `/ready`, `/version`, `/stats`, `/actors` and `/metrics` are. */
  readonly operationsUrl: string;
  /** Resolves when it is ready for the first time; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it was stopped; rejects with what ended it otherwise. Everything is closed by then. */
  readonly ended: Promise<void>;
  readiness(): Readiness;
  /** Loads the configuration anew, and puts it in force as a whole, or refuses it and goes on as before. What became of it is logged and counted. */
  reload(): void;
  /** Finishes what is in hand, gives the leases back, and resolves or rejects as `ended` does. */
  stop(): Promise<void>;
}

/**
 * Starts a worker. Resolves once its operations port is open, before Redis is reached.
 * @throws {NothingToDoError} the configuration asks nothing of it
 * @throws {PortError} its operations port is in use
 */
export async function startWorker(definition: WorkerDefinition, options: StartWorkerOptions): Promise<RunningWorker> {
  const { config, env, workerId = createWorkerId(), clock = systemClock, random = Math.random } = options;
  const { log, ports, redis } = config.settings;
  const own = options.logger ? undefined : createProcessLogger(definition.app, log, workerId);
  const logger = options.logger ?? own!;
  const configuration = new WorkerConfiguration(definition, config);
  const known = configuration.labels();
  const resources = new Resources();
  const { telemetry, tracing } = await resources.open(openWorkerTelemetry(config, { app: definition.app, workerId, logger }));
  for (const labels of known) telemetry.startAtZero(labels);

  const tree = new ActorTree({ now: clock.now, ...(options.inspect ? { onChange: (change) => logChange(logger, change) } : {}) });
  const status = resources.use(
    createWorkerStatus({
      ...{ workerId, app: definition.app, clock },
      readiness: () => readinessOf(actor.getSnapshot()),
      actors: () => tree.read(),
      operationsUrl: () => operations?.url ?? '',
    }),
  );
  const longestWaitMs = () => configuration.longestPeriodMs;
  const liveness = resources.use(watchLiveness({ stuck: (afterSeconds) => status.stuck(afterSeconds), longestWaitMs, clock }));
  const events = inAll(telemetry, status, options.events);
  const context = { keyPrefix: redis.prefix, env, workerId, telemetry: events, tracing, logger, clock, random };
  let operations: OperationsServer | undefined;
  const machine = workerMachine.provide({
    actors: {
      serveOperations: fromPromise<void>(async () => {
        const port = options.operationsPort ?? ports[definition.port];
        const readiness = () => readinessOf(actor.getSnapshot());
        const actors = () => tree.read();
        const answers = { telemetry, readiness, actors, liveness: liveness.read, stats: () => status.read() };
        operations = await resources.open(serveOperations({ ...answers, logger, host: config.settings.host, port }));
      }),
      connect: fromPromise<Connection>(async ({ signal }) => {
        const connection = { connectionName: `sluice ${workerId}`, isWriter: true };
        const session = await resources.open(openRedis(redis, { logger, clock, signal, ...connection }));
        resources.defer(session.onLost(() => telemetry.emit({ type: 'redis.lost' })));
        resources.use(status.publishTo(createReportStore(session, redis.prefix)));
        const parts = configuration.open({ ...context, session });
        return {
          get isReady() {
            return session.isReady;
          },
          parts,
        };
      }),
      ...createReloadActors({ configuration, source: options.source, telemetry, logger, own, clock }),
    },
    actions: { reportReload: (_, report) => reportReload(report, { logger, telemetry }) },
  });
  const actor = createActor(machine, { id: definition.app, input: shutdownLimitsOf(config), clock, inspect: tree.inspect });
  telemetry.measure('build', () => [{ version: RELEASE, node: process.version, app: definition.app, value: 1 }]);
  measureWorker(telemetry, tree, actor);
  const { ended, ready } = follow(actor, resources, logger);
  actor.start();
  await waitFor(actor, (snapshot) => !snapshot.matches('starting'));
  if (operations === undefined) await ended;
  const stop = () => {
    if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
    return ended;
  };
  return {
    workerId,
    operationsUrl: operations!.url,
    ready,
    ended,
    readiness: () => readinessOf(actor.getSnapshot()),
    reload: () => {
      if (actor.getSnapshot().status === 'active') actor.send({ type: 'reload.requested' });
    },
    stop,
    [Symbol.asyncDispose]: () => stop().catch(() => undefined),
  };
}

/** What the worker has opened, and what is still being opened when it ends. Closed in the opposite order. */
class Resources {
  // No `AsyncDisposableStack`: Node 22, on which the published packages run, has none.
  readonly #closers: (() => unknown)[] = [];
  readonly #opening: Promise<unknown>[] = [];

  open<Resource extends AsyncDisposable>(opening: Promise<Resource>): Promise<Resource> {
    const opened = opening.then((resource) => this.use(resource));
    this.#opening.push(opened);
    return opened;
  }

  use<Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource {
    this.defer(() => (Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose]()));
    return resource;
  }

  defer(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes all of them, also where one fails. @throws the first failure */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening);
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

const inAll = (...sinks: readonly (EventSink | undefined)[]): EventSink => ({
  emit: (event) => {
    for (const sink of sinks) sink?.emit(event);
  },
});

type WorkerActor = Actor<typeof workerMachine>;

/** Logs what becomes of the worker, and closes what it opened once it has ended. */
function follow(actor: WorkerActor, resources: Resources, logger: Logger) {
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let before: { readonly state: string; readonly ready: boolean } = { state: 'starting', ready: false };
  const end = async (error: unknown, isFailed: boolean) => {
    await resources.close();
    ready.reject(error ?? new Error('the worker was stopped before it was ready'));
    if (isFailed) ended.reject(error);
    else ended.resolve();
  };
  actor.subscribe({
    next: (snapshot) => {
      const now = readinessOf(snapshot);
      if (now.state !== before.state) logger.info(`worker is ${now.state}`);
      if (now.ready && !before.ready) logger.info('worker is ready');
      if (!now.ready && before.ready && now.state === 'running') logger.warn('worker is not ready', { reasons: now.reasons });
      if (now.ready) ready.resolve();
      before = now;
    },
    complete: () => {
      const { reason, error } = actor.getSnapshot().output!;
      void end(error, reason === 'failed');
    },
    error: (error: unknown) => void end(error, true),
  });
  // Nobody has to wait for either of them.
  ready.promise.catch(() => undefined);
  ended.promise.catch(() => undefined);
  return { ready: ready.promise, ended: ended.promise };
}

function measureWorker(telemetry: Telemetry, tree: ActorTree, actor: WorkerActor): void {
  telemetry.measure('ready', () => [{ value: readinessOf(actor.getSnapshot()).ready ? 1 : 0 }]);
  telemetry.measure('actors', () => tree.countMachines().map(({ machine, state, count }) => ({ machine, state, value: count })));
}

const logChange = (logger: Logger, { machine, id, from, to, event }: ActorChange): void =>
  logger.info('actor changed its state', { machine, actor: id, ...(from === undefined ? {} : { from }), to, on: event });
