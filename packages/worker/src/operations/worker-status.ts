import { hostname } from 'node:os';
import type { ActorNode } from '@sluice/actor-kit';
import { type Clock, RELEASE } from '@sluice/core';
import { StatusReporter, startProcessMeter, type WorkerReport } from '@sluice/status';
import type { Readiness } from '../root/readiness.ts';

export interface WorkerStatusOptions extends Pick<WorkerReport, 'workerId' | 'app'> {
  readonly readiness: () => Readiness;
  readonly actors: () => ActorNode | undefined;
  /** Empty before it is served. */
  readonly operationsUrl: () => string;
  readonly clock: Clock;
}

/** What the worker of this process reports of itself. */
export function createWorkerStatus(options: WorkerStatusOptions): StatusReporter {
  const { workerId, app, readiness, actors, operationsUrl, clock } = options;
  return new StatusReporter({
    identity: { workerId, app, release: RELEASE, host: hostname(), pid: process.pid, startedAtMs: clock.now() },
    readNow: () => {
      const { ready, state, reasons } = readiness();
      return { operationsUrl: operationsUrl(), ready, state, reasons };
    },
    readActors: actors,
    process: startProcessMeter(),
    clock,
  });
}
