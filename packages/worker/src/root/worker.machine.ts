/**
 * The root of all actors of a worker process, from start to exit.
 *
 *     starting ──▶ connecting ──▶ running ──▶ delaying ──▶ stopping ──▶ stopped
 *        │             │             └─── a part failed ───▶  │  └────▶ failed
 *        └─────────────┴──▶ failed | stopped
 *
 *     running: steady ──reload.requested──▶ loading ──▶ replacing ──▶ steady
 *                 ▲                            │ refused, or nothing changed
 *                 └────────────────────────────┘
 *
 * Its parts are the ingresses, the egresses or the endpoints of the configuration. The operations port is served first and until the end, so that an
 * operator can ask also while Redis is not there. When one part fails, the others are stopped too. What does not end in time is given up:
 * its leases expire, and other workers take over.
 *
 * A new configuration is loaded and checked as a whole while all parts go on. Then the parts that it changes or removes are stopped as for a
 * hand-over, and once all of them have ended those that it changes or adds are started: never do two parts of this worker hold the same leases.
 */
import { notProvided } from '@sluice/actor-kit';
import { assign, type DoneActorEvent, type ErrorActorEvent, enqueueActions, fromCallback, fromPromise, setup } from 'xstate';
import { ShutdownTimeoutError } from '../errors.ts';
import { appliedReport, type Reload, type ReloadReport, type ShutdownLimits } from '../reload/reload.ts';
import type { PartId, PartLogic, PartOutput, PartRef } from './part.ts';

/** What is there once Redis is. */
export interface Connection {
  readonly isReady: boolean;
  readonly parts: ReadonlyMap<PartId, PartLogic>;
}

export interface WorkerOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` when it was stopped. */
  readonly error: unknown;
}

interface WorkerContext extends ShutdownLimits {
  readonly connection: Connection | undefined;
  /** Those that have not ended. */
  readonly parts: Readonly<Record<PartId, PartRef>>;
  /** The new configuration whose parts are not started yet. */
  readonly reload: Reload | undefined;
  readonly isReloadDue: boolean;
  readonly failure: { readonly error: unknown } | undefined;
}

export type WorkerEvent =
  | { readonly type: 'shutdown.requested' }
  | { readonly type: 'reload.requested' }
  | DoneActorEvent<PartOutput, PartId>
  | ErrorActorEvent<unknown, PartId>;

export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    events: {} as WorkerEvent,
    input: {} as ShutdownLimits,
    output: {} as WorkerOutput,
  },
  actors: {
    serveOperations: fromPromise<void>(notProvided('serveOperations')),
    connect: fromPromise<Connection>(notProvided('connect')),
    /** Rejects with why the new configuration cannot be put in force; nothing was changed then. */
    loadConfiguration: fromPromise<Reload>(notProvided('loadConfiguration')),
    /** Sends `reload.requested` when a file of the configuration has changed, where the settings ask for it. */
    watchConfiguration: fromCallback<WorkerEvent>(() => undefined),
  },
  delays: {
    shutdownDelay: ({ context }) => context.shutdownDelayMs,
    shutdownTimeout: ({ context }) => context.shutdownTimeoutMs,
  },
  guards: {
    hasDelay: ({ context }) => context.shutdownDelayMs > 0,
    isEnding: ({ context: { parts, reload, failure } }) =>
      failure !== undefined || (reload === undefined && Object.keys(parts).length === 0),
    isOver: ({ context: { parts } }) => Object.keys(parts).length === 0,
    isFailed: ({ context: { parts, failure } }) => failure !== undefined && Object.keys(parts).length === 0,
    isReloadDue: ({ context }) => context.isReloadDue,
    isUnchanged: (_, { isUnchanged }: Reload) => isUnchanged,
    haveLeft: ({ context: { parts, reload, failure } }) => failure === undefined && reload!.leaving.every((id) => !(id in parts)),
  },
  actions: {
    /** For operators. */
    reportReload: (_, _report: ReloadReport) => undefined,
    keepConnection: assign((_, connection: Connection) => ({ connection })),
    startParts: assign(({ context, spawn }, { parts: logics }: { parts: ReadonlyMap<PartId, PartLogic> }) => {
      // XState takes an id only for logic that `setup` names; which parts there are is known from the configuration.
      const spawnPart = spawn as unknown as (logic: PartLogic, options: { readonly id: PartId; readonly syncSnapshot: true }) => PartRef;
      const refs = [...logics].map(([id, logic]) => [id, spawnPart(logic, { id, syncSnapshot: true })] as const);
      return { parts: { ...context.parts, ...Object.fromEntries(refs) } };
    }),
    stopParts: enqueueActions(({ context: { parts, reload }, enqueue }) => {
      const leaving = reload?.leaving ?? [];
      for (const id of partIds(parts)) if (!leaving.includes(id)) enqueue.sendTo(parts[id]!, { type: 'shutdown.requested' });
    }),
    stopLeaving: enqueueActions(({ enqueue }, { parts, reload }: { parts: WorkerContext['parts']; reload: Reload }) => {
      for (const id of reload.leaving) if (parts[id]) enqueue.sendTo(parts[id], { type: 'shutdown.requested' });
    }),
    dropPart: enqueueActions(({ context, enqueue }, { actorId }: { actorId: PartId }) => {
      const { [actorId]: _, ...parts } = context.parts;
      enqueue.stopChild(actorId);
      enqueue.assign({ parts });
    }),
    noteRequest: assign({ isReloadDue: true }),
    forgetRequest: assign({ isReloadDue: false }),
    keepReload: assign((_, reload: Reload) => ({
      reload,
      shutdownDelayMs: reload.shutdownDelayMs,
      shutdownTimeoutMs: reload.shutdownTimeoutMs,
    })),
    forgetReload: assign({ reload: undefined }),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ failure: context.failure ?? { error } })),
    keepFailure: assign(({ context }, { reason, error }: PartOutput) => ({
      failure: context.failure ?? (reason === 'failed' ? { error } : undefined),
    })),
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ ...input, connection: undefined, parts: {}, reload: undefined, isReloadDue: false, failure: undefined }),
  invoke: {
    src: 'watchConfiguration',
    id: 'watch',
    onError: { actions: { type: 'reportReload', params: ({ event }) => ({ outcome: 'refused', error: event.error }) } },
  },
  on: {
    'reload.requested': { actions: 'noteRequest' },
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
        onDone: {
          target: 'running',
          actions: [
            { type: 'keepConnection', params: ({ event }) => event.output },
            { type: 'startParts', params: ({ event }) => event.output },
          ],
        },
        onError: { target: 'failed', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    running: {
      on: { 'shutdown.requested': [{ guard: 'hasDelay', target: 'delaying' }, { target: 'stopping' }] },
      always: { guard: 'isEnding', target: 'stopping' },
      initial: 'steady',
      states: {
        steady: { always: { guard: 'isReloadDue', target: 'loading' } },
        loading: {
          entry: 'forgetRequest',
          invoke: {
            src: 'loadConfiguration',
            id: 'load',
            onDone: [
              {
                guard: { type: 'isUnchanged', params: ({ event }) => event.output },
                target: 'steady',
                actions: { type: 'reportReload', params: { outcome: 'unchanged' } },
              },
              {
                target: 'replacing',
                actions: [
                  { type: 'keepReload', params: ({ event }) => event.output },
                  { type: 'stopLeaving', params: ({ context, event }) => ({ parts: context.parts, reload: event.output }) },
                ],
              },
            ],
            onError: {
              target: 'steady',
              actions: { type: 'reportReload', params: ({ event }) => ({ outcome: 'refused', error: event.error }) },
            },
          },
        },
        replacing: {
          always: {
            guard: 'haveLeft',
            target: 'steady',
            actions: [
              { type: 'startParts', params: ({ context }) => ({ parts: context.reload!.starting }) },
              { type: 'reportReload', params: ({ context }) => appliedReport(context.reload!) },
              'forgetReload',
            ],
          },
          after: {
            shutdownTimeout: {
              target: '#worker.stopping',
              actions: { type: 'keepError', params: ({ context }) => ({ error: timeoutError(context, context.reload!.leaving) }) },
            },
          },
        },
      },
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
          actions: { type: 'keepError', params: ({ context }) => ({ error: timeoutError(context, partIds(context.parts)) }) },
        },
      },
    },
    stopped: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context: { failure } }) => ({ reason: failure ? 'failed' : 'stopped', error: failure?.error }),
});

const partIds = (parts: WorkerContext['parts']): readonly PartId[] => Object.keys(parts) as PartId[];

/** Of those parts that have not ended. */
const timeoutError = ({ shutdownTimeoutMs, parts }: WorkerContext, ids: readonly PartId[]): ShutdownTimeoutError =>
  new ShutdownTimeoutError(
    shutdownTimeoutMs,
    ids.filter((id) => id in parts),
  );
