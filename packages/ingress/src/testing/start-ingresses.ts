import type { SluiceConfig } from '@sluice/config';
import type { Clock } from '@sluice/core';
import { type ActorRefFrom, type AnyActorRef, createActor, waitFor } from 'xstate';
import { type IngressesOptions, type IngressLogic, openIngresses } from '../create-ingresses.ts';

/** A worker that reads every ingress of a configuration. */
export interface IngressWorker extends AsyncDisposable {
  /** Rejects where the worker cannot go on; resolves once it was stopped. */
  readonly done: Promise<void>;
  readiness(): { readonly isReady: boolean; readonly facts: Readonly<Record<string, unknown>> };
  /**
   * Stops taking, finishes what is in hand and gives the leases back.
   * Rejects when that takes longer than configured.
   */
  stop(): Promise<void>;
}

export interface StartIngressesOptions extends Omit<IngressesOptions, 'keyPrefix'> {
  readonly config: SluiceConfig;
}

/** Starts ingresses without the frame of a worker, for integration tests. */
export async function startIngressWorker({ config, ...others }: StartIngressesOptions): Promise<IngressWorker> {
  const { session, clock } = others;
  const plans = openIngresses({ ...others, keyPrefix: config.settings.redis.prefix })(config);
  const actors = [...plans].map(([id, { create }]) => ({ id, actor: createActor(create(), { clock }) }));
  const done = Promise.all(actors.map(({ actor }) => outcomeOf(actor))).then(() => undefined);
  done.catch(() => undefined);
  for (const { actor } of actors) actor.start();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= withinTime(Promise.all(actors.map(({ actor }) => stopActor(actor))), config.settings.shutdown.timeoutMs, clock);
    return stopping;
  };
  return {
    done,
    readiness: () => {
      const ingresses = Object.fromEntries(actors.map(({ id, actor }) => [id, factsOf(actor)]));
      const isReady = session.isReady && actors.every(({ actor }) => actor.getSnapshot().hasTag('ready'));
      return { isReady, facts: { redis: session.isReady ? 'ready' : 'waiting', ingresses } };
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop().catch(() => undefined);
    },
  };
}

type IngressActor = ActorRefFrom<IngressLogic>;

function outcomeOf(actor: IngressActor): Promise<void> {
  return new Promise((resolve, reject) => {
    actor.subscribe({
      complete: () => {
        const { reason, error } = actor.getSnapshot().output!;
        if (reason === 'failed') reject(error);
        else resolve();
      },
      error: reject,
    });
  });
}

async function stopActor(actor: IngressActor): Promise<void> {
  if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
  await waitFor(actor, ({ status }) => status !== 'active');
}

function factsOf(actor: IngressActor) {
  const { streams, opened } = actor.getSnapshot().context;
  const readersOf = (stream: AnyActorRef) => Object.keys((stream.getSnapshot() as { context: { readers: object } }).context.readers).length;
  const all = Object.values(streams);
  return { open: opened, waiting: all.length - opened, leases: all.reduce((sum, stream) => sum + readersOf(stream), 0) };
}

async function withinTime(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = clock.setTimeout(() => late.reject(new Error(`not stopped within ${timeoutMs} ms`)), timeoutMs);
  await Promise.race([work, late.promise]).finally(() => clock.clearTimeout(timer));
}
