/**
 * The functions of one endpoint: one child for each function type that has lanes.
 *
 *     serving ──shutdown.requested──▶ draining ──▶ stopped
 *        └── a function failed ─────▶    └───────▶ failed
 *
 * A type is served from when the configuration or the table of targets names it. Connections to the endpoint are closed at the end.
 */
import { notProvided } from '@sluice/actor-kit';
import {
  type ActorRefFrom,
  assign,
  type DoneActorEvent,
  type ErrorActorEvent,
  enqueueActions,
  fromCallback,
  fromPromise,
  setup,
} from 'xstate';
import type { FunctionOutput, functionMachine } from '../function/function.machine.ts';

export interface EndpointOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` otherwise. */
  readonly error: unknown;
}

type FunctionId = `function:${string}`;

export interface EndpointContext {
  readonly functions: Readonly<Record<FunctionId, ActorRefFrom<typeof functionMachine>>>;
  readonly failure: { readonly error: unknown } | undefined;
}

/** A function type that has lanes was found. */
export interface TypeFound {
  readonly type: 'type.found';
  /** `namespace/name` */
  readonly functionType: string;
  readonly logic: typeof functionMachine;
}

export type EndpointMachineEvent =
  | { readonly type: 'shutdown.requested' }
  | TypeFound
  | DoneActorEvent<FunctionOutput, FunctionId>
  | ErrorActorEvent<unknown, FunctionId>;

export const endpointMachine = setup({
  types: {
    context: {} as EndpointContext,
    events: {} as EndpointMachineEvent,
    output: {} as EndpointOutput,
    tags: {} as 'ready',
    children: {} as { types: 'findTypes' },
  },
  actors: {
    /** Finds types until it is stopped. */
    findTypes: fromCallback<EndpointMachineEvent>(() => {
      throw new Error('actor "findTypes" was not provided');
    }),
    closeConnections: fromPromise<void>(notProvided('closeConnections')),
  },
  guards: {
    isNew: ({ context }, { functionType }: TypeFound) => !(`function:${functionType}` in context.functions),
    isOver: ({ context }) => Object.keys(context.functions).length === 0,
    isFailing: ({ context }) => context.failure !== undefined,
  },
  actions: {
    startFunction: assign(({ context, spawn }, { functionType, logic }: TypeFound) => {
      const id: FunctionId = `function:${functionType}`;
      // XState takes an id only for logic that `setup` names; each type has a logic of its own.
      const spawnFunction = spawn as unknown as (
        logic: typeof functionMachine,
        options: { readonly id: FunctionId },
      ) => ActorRefFrom<typeof functionMachine>;
      return { functions: { ...context.functions, [id]: spawnFunction(logic, { id }) } };
    }),
    stopFunctions: enqueueActions(({ context, enqueue }) => {
      for (const ref of Object.values<ActorRefFrom<typeof functionMachine>>(context.functions)) {
        enqueue.sendTo(ref, { type: 'shutdown.requested' });
      }
    }),
    dropFunction: assign(({ context }, { actorId }: { actorId: FunctionId }) => {
      const { [actorId]: _, ...functions } = context.functions;
      return { functions };
    }),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ failure: context.failure ?? { error } })),
    keepFailure: assign(({ context }, { reason, error }: FunctionOutput) => ({
      failure: context.failure ?? (reason === 'failed' ? { error } : undefined),
    })),
  },
}).createMachine({
  id: 'endpoint',
  context: { functions: {}, failure: undefined },
  initial: 'serving',
  on: {
    'xstate.done.actor.*': {
      actions: [
        { type: 'keepFailure', params: ({ event }) => event.output },
        { type: 'dropFunction', params: ({ event }) => event },
      ],
    },
    'xstate.error.actor.*': {
      actions: [
        { type: 'keepError', params: ({ event }) => event },
        { type: 'dropFunction', params: ({ event }) => event },
      ],
    },
  },
  states: {
    serving: {
      tags: 'ready',
      invoke: {
        src: 'findTypes',
        id: 'types',
        onError: { target: 'draining', actions: { type: 'keepError', params: ({ event }) => event } },
      },
      on: {
        'type.found': {
          guard: { type: 'isNew', params: ({ event }) => event },
          actions: { type: 'startFunction', params: ({ event }) => event },
        },
        'shutdown.requested': 'draining',
      },
      always: { guard: 'isFailing', target: 'draining' },
    },
    draining: {
      entry: 'stopFunctions',
      on: { 'shutdown.requested': {}, 'type.found': {} },
      always: { guard: 'isOver', target: 'closing' },
    },
    closing: {
      invoke: {
        src: 'closeConnections',
        onDone: 'ended',
        onError: { target: 'ended', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    ended: {
      always: [{ guard: 'isFailing', target: 'failed' }, { target: 'stopped' }],
    },
    stopped: { type: 'final', output: 'stopped' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as EndpointOutput['reason'],
    error: context.failure?.error,
  }),
});
