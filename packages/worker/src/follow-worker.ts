import type { Logger } from '@sluice/core';
import type { Actor } from 'xstate';
import type { Resources } from './resources.ts';
import { readinessOf } from './root/readiness.ts';
import type { workerMachine } from './root/worker.machine.ts';

export type WorkerActor = Actor<typeof workerMachine>;

/** Logs what becomes of the worker, and closes what it opened once it has ended. */
export function followWorker(actor: WorkerActor, resources: Resources, logger: Logger) {
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
