import { type ActorChange, ActorTree } from '@sluice/actor-kit';
import type { SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, RELEASE, systemClock } from '@sluice/core';
import { createWorkerId } from '@sluice/lease';
import type { EventSink, Telemetry } from '@sluice/telemetry';
import { createActor, fromPromise, waitFor } from 'xstate';
import { connectWorker } from './connect-worker.ts';
import { followWorker, type WorkerActor } from './follow-worker.ts';
import { watchLiveness } from './operations/liveness.ts';
import { serveOperations } from './operations/operations-server.ts';
import { createWorkerStatus } from './operations/worker-status.ts';
import { createProcessLogger } from './process-logger.ts';
import { createReloadActors } from './reload/reload-actors.ts';
import { reportReload } from './reload/report-reload.ts';
import { type ConfigSource, shutdownLimitsOf, WorkerConfiguration } from './reload/worker-configuration.ts';
import { Resources } from './resources.ts';
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
  const readiness = () => readinessOf(actor.getSnapshot());
  const actors = () => tree.read();
  let operationsUrl = '';
  const status = resources.use(
    createWorkerStatus({ workerId, app: definition.app, clock, readiness, actors, operationsUrl: () => operationsUrl }),
  );
  const longestWaitMs = () => configuration.longestPeriodMs;
  const liveness = resources.use(watchLiveness({ stuck: (afterSeconds) => status.stuck(afterSeconds), longestWaitMs, clock }));
  const events = inAll(telemetry, status, options.events);
  const context = {
    ...{ keyPrefix: redis.prefix, env, workerId, telemetry: events, customMetrics: telemetry.custom, tracing },
    ...{ logger, clock, random },
  };
  const machine = workerMachine.provide({
    actors: {
      serveOperations: fromPromise<void>(async () => {
        const address = { host: config.settings.host, port: options.operationsPort ?? ports[definition.port] };
        const answers = { telemetry, readiness, actors, liveness: liveness.read, stats: () => status.read() };
        const server = await resources.open(serveOperations({ ...answers, ...address, logger }));
        operationsUrl = server.url;
      }),
      connect: fromPromise<Connection>(({ signal }) => connectWorker({ configuration, context, redis, resources, status }, signal)),
      ...createReloadActors({ configuration, source: options.source, telemetry, logger, own, clock }),
    },
    actions: { reportReload: (_, report) => reportReload(report, { logger, telemetry }) },
  });
  const actor = createActor(machine, { id: definition.app, input: shutdownLimitsOf(config), clock, inspect: tree.inspect });
  telemetry.measure('build', () => [{ version: RELEASE, node: process.version, app: definition.app, value: 1 }]);
  measureWorker(telemetry, tree, actor);
  const { ended, ready } = followWorker(actor, resources, logger);
  actor.start();
  await waitFor(actor, (snapshot) => !snapshot.matches('starting'));
  if (operationsUrl === '') await ended;
  const stop = () => {
    if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
    return ended;
  };
  return {
    workerId,
    operationsUrl,
    ready,
    ended,
    readiness,
    reload: () => {
      if (actor.getSnapshot().status === 'active') actor.send({ type: 'reload.requested' });
    },
    stop,
    [Symbol.asyncDispose]: () => stop().catch(() => undefined),
  };
}

const inAll = (...sinks: readonly (EventSink | undefined)[]): EventSink => ({
  emit: (event) => {
    for (const sink of sinks) sink?.emit(event);
  },
});

function measureWorker(telemetry: Telemetry, tree: ActorTree, actor: WorkerActor): void {
  telemetry.measure('ready', () => [{ value: readinessOf(actor.getSnapshot()).ready ? 1 : 0 }]);
  telemetry.measure('actors', () => tree.countMachines().map(({ machine, state, count }) => ({ machine, state, value: count })));
}

const logChange = (logger: Logger, { machine, id, from, to, event }: ActorChange): void =>
  logger.info('actor changed its state', { machine, actor: id, ...(from === undefined ? {} : { from }), to, on: event });
