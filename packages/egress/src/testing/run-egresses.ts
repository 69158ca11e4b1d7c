import type { Clock } from '@sluice/core';
import { type Actor, createActor } from 'xstate';
import type { EgressLogic } from '../egress/egress.ts';

export interface RunningEgresses {
  /** Resolves when they were stopped; rejects with what ended one of them otherwise. */
  readonly ended: Promise<void>;
  stop(): void;
  /** Whether every egress found its stream and delivers. */
  isReady(): boolean;
}

/** Runs egresses without a worker around them, for integration tests. When one of them fails, all are stopped. */
export function runEgresses(logics: Iterable<EgressLogic>, clock: Clock): RunningEgresses {
  const actors = [...logics].map((logic) => createActor(logic, { clock }));
  const stop = () => {
    for (const actor of actors) if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
  };
  const endings = actors.map((actor) =>
    endOf(actor).catch((error: unknown) => {
      stop();
      throw error;
    }),
  );
  const ended = Promise.allSettled(endings).then((outcomes) => {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
  for (const actor of actors) actor.start();
  return { ended, stop, isReady: () => actors.every((actor) => actor.getSnapshot().hasTag('ready')) };
}

const endOf = (actor: Actor<EgressLogic>): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      const { reason, error } = actor.getSnapshot().output!;
      if (reason === 'failed') reject(error);
      else resolve();
    };
    actor.subscribe({ complete: end, error: reject });
  });
