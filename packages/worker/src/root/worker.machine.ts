/**
 * The root of all actors of a worker process, from start to exit.
 *
 *     starting ──▶ connecting ──▶ running ──▶ delaying ──▶ stopping ──▶ stopped
 *        │             │             └─── a part failed ───▶  │  └────▶ failed
 *        └─────────────┴──▶ failed | stopped
 *
 * Its parts are the ingresses, the egresses or the endpoints of the configuration. The operations port is served first and until the end, so that an
 * operator can ask also while Redis is not there. When one part fails, the others are stopped too. What does not end in time is given up:
 * its leases expire, and other workers take over.
 */
import { notProvided } from '@sluice/actor-kit';
import { assign, type DoneActorEvent, type ErrorActorEvent, enqueueActions, fromPromise, setup } from 'xstate';
import { ShutdownTimeoutError } from '../errors.ts';
import type { PartId, PartLogic, PartOutput, PartRef } from './part.ts';

/** What is there once Redis is. */
export interface Connection {
  readonly isReady: boolean;
  readonly parts: ReadonlyMap<PartId, PartLogic>;
}

export interface WorkerInput {
  /** How long the worker goes on after it was asked to stop, so that its metrics can be collected. */
  readonly shutdownDelayMs: number;
  /** How long its parts may take to end. */
  readonly shutdownTimeoutMs: number;
}

export interface WorkerOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` when it was stopped. */
  readonly error: unknown;
}

interface WorkerContext extends WorkerInput {
  readonly connection: Connection | undefined;
  /** Those that have not ended. */
  readonly parts: Readonly<Record<PartId, PartRef>>;
  readonly failure: { readonly error: unknown } | undefined;
}

export type WorkerEvent = { readonly type: 'shutdown.requested' } | DoneActorEvent<PartOutput, PartId> | ErrorActorEvent<unknown, PartId>;

export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    events: {} as WorkerEvent,
    input: {} as WorkerInput,
    output: {} as WorkerOutput,
  },
  actors: {
    serveOperations: fromPromise<void>(notProvided('serveOperations')),
    connect: fromPromise<Connection>(notProvided('connect')),
  },
  delays: {
    shutdownDelay: ({ context }) => context.shutdownDelayMs,
    shutdownTimeout: ({ context }) => context.shutdownTimeoutMs,
  },
  guards: {
    hasDelay: ({ context }) => context.shutdownDelayMs > 0,
    isEnding: ({ context: { parts, failure } }) => failure !== undefined || Object.keys(parts).length === 0,
    isOver: ({ context: { parts } }) => Object.keys(parts).length === 0,
    isFailed: ({ context: { parts, failure } }) => failure !== undefined && Object.keys(parts).length === 0,
  },
  actions: {
    keepConnection: assign((_, connection: Connection) => ({ connection })),
    startParts: assign(({ context, spawn }) => {
      // XState takes an id only for logic that `setup` names; which parts there are is known from the configuration.
      const spawnPart = spawn as unknown as (logic: PartLogic, options: { readonly id: PartId; readonly syncSnapshot: true }) => PartRef;
      const refs = [...context.connection!.parts].map(([id, logic]) => [id, spawnPart(logic, { id, syncSnapshot: true })] as const);
      return { parts: Object.fromEntries(refs) };
    }),
    stopParts: enqueueActions(({ context, enqueue }) => {
      for (const part of Object.values<PartRef>(context.parts)) enqueue.sendTo(part, { type: 'shutdown.requested' });
    }),
    dropPart: assign(({ context }, { actorId }: { actorId: PartId }) => {
      const { [actorId]: _, ...parts } = context.parts;
      return { parts };
    }),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ failure: context.failure ?? { error } })),
    keepFailure: assign(({ context }, { reason, error }: PartOutput) => ({
      failure: context.failure ?? (reason === 'failed' ? { error } : undefined),
    })),
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ ...input, connection: undefined, parts: {}, failure: undefined }),
  on: {
    'xstate.done.actor.*': {
      actions: [
        { type: 'keepFailure', params: ({ event }) => event.output },
        { type: 'dropPart', params: ({ event }) => event },
      ],
    },
    'xstate.error.actor.*': {
      actions: [
        { type: 'keepError', params: ({ event }) => event },
        { type: 'dropPart', params: ({ event }) => event },
      ],
    },
  },
  initial: 'starting',
  states: {
    starting: {
      on: { 'shutdown.requested': 'stopped' },
      invoke: {
        src: 'serveOperations',
        onDone: 'connecting',
        onError: { target: 'failed', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    connecting: {
      on: { 'shutdown.requested': 'stopped' },
      invoke: {
        src: 'connect',
        onDone: { target: 'running', actions: [{ type: 'keepConnection', params: ({ event }) => event.output }, 'startParts'] },
        onError: { target: 'failed', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    running: {
      on: { 'shutdown.requested': [{ guard: 'hasDelay', target: 'delaying' }, { target: 'stopping' }] },
      always: { guard: 'isEnding', target: 'stopping' },
    },
    delaying: {
      after: { shutdownDelay: 'stopping' },
      always: { guard: 'isEnding', target: 'stopping' },
    },
    stopping: {
      entry: 'stopParts',
      always: [
        { guard: 'isFailed', target: 'failed' },
        { guard: 'isOver', target: 'stopped' },
      ],
      after: {
        shutdownTimeout: {
          target: 'failed',
          actions: {
            type: 'keepError',
            params: ({ context }) => ({ error: new ShutdownTimeoutError(context.shutdownTimeoutMs, Object.keys(context.parts)) }),
          },
        },
      },
    },
    stopped: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context: { failure } }) => ({ reason: failure ? 'failed' : 'stopped', error: failure?.error }),
});
