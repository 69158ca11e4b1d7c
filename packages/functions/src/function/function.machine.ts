/**
 * Serves the lanes of one function type, from its first use to the end of the worker.
 *
 *     opening ──▶ open: serving ──shutdown.requested──▶ draining ──▶ closing ──▶ stopped
 *       ▲  └─▶ judging ──▶ failed                                       └─────▶ failed
 *       └── waiting ◀┘
 *
 * Its children are the leases of its lanes, and one lane consumer for each lease held. What happens to single addresses is the matter of
 * the lanes' data plane; here only the lanes come and go.
 */
import { notProvided } from '@sluice/actor-kit';
import { type BackoffPolicy, backoffDelay, isRetryable } from '@sluice/core';
import {
  type HeldLanes,
  type LaneActorId,
  type LaneConsumerInput,
  type LaneConsumerOutput,
  type LaneCrashed,
  type LaneEnded,
  type LaneLeaseEvent,
  type LeasesCommand,
  laneActorId,
  laneConsumerMachine,
  laneOfActor,
  returnLease,
  withLane,
  withoutLane,
} from '@sluice/lane-consumer';
import type { Lease } from '@sluice/lease';
import { assign, enqueueActions, fromCallback, fromPromise, sendTo, setup } from 'xstate';

/** Builds what works on a lane; nothing happens before its consumer starts. */
export type OpenLane = (lane: number, lease: Lease) => LaneConsumerInput;

export interface FunctionOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` otherwise. */
  readonly error: unknown;
}

interface FunctionContext {
  readonly openLane: OpenLane | undefined;
  readonly lanes: HeldLanes;
  /** Failed attempts to open the lanes, in a row. */
  readonly attempt: number;
  readonly error: unknown;
}

export type FunctionMachineEvent = { readonly type: 'shutdown.requested' } | LaneLeaseEvent | LaneEnded | LaneCrashed;

/** Pauses between attempts to open the lanes. */
const OPENING: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 10_000, maxElapsedMs: 0, maxRetries: 0 };

/** @param random a number in [0, 1) */
export const functionDelays = (random: () => number) => ({
  backoff: ({ context }: { context: FunctionContext }) => backoffDelay(OPENING, context.attempt - 1, random()),
});

export const functionMachine = setup({
  types: {
    context: {} as FunctionContext,
    events: {} as FunctionMachineEvent,
    output: {} as FunctionOutput,
    tags: {} as 'ready',
    children: {} as { leases: 'leases'; backlog: 'measureLanes' } & Record<LaneActorId, 'laneConsumer'>,
  },
  actors: {
    /** Notes the number of lanes, and builds what works on them. */
    openFunction: fromPromise<OpenLane>(notProvided('openFunction')),
    /** Shares the lanes out among the workers of the function. */
    leases: fromCallback<LeasesCommand>(() => {
      throw new Error('actor "leases" was not provided');
    }),
    /** Measures what waits in all lanes until it is stopped. */
    measureLanes: fromPromise<void>(notProvided('measureLanes')),
    laneConsumer: laneConsumerMachine,
  },
  delays: functionDelays(() => 0.5),
  guards: {
    hasError: ({ context }) => context.error !== undefined,
    isWorthWaiting: ({ context }) => isRetryable(context.error),
    hasNoLanes: ({ context }) => context.lanes.size === 0,
    isLaneFailure: (_, { reason }: LaneConsumerOutput) => reason === 'failed',
  },
  actions: {
    /** For operators. */
    reportWaiting: (_, _report: { readonly error: unknown; readonly attempt: number }) => undefined,
    keepOpenLane: assign((_, { openLane }: { openLane: OpenLane }) => ({ openLane, error: undefined, attempt: 0 })),
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    startLane: assign(({ context, spawn }, { lane, lease }: { lane: number; lease: Lease }) => {
      const consumer = spawn('laneConsumer', { id: laneActorId(lane), input: context.openLane!(lane, lease) });
      return { lanes: withLane(context.lanes, lane, { lease, consumer }) };
    }),
    recallLane: enqueueActions(({ context, enqueue }, { lane, successor }: { lane: number; successor: string }) => {
      const held = context.lanes.get(lane);
      if (!held) return;
      enqueue.assign({ lanes: withLane(context.lanes, lane, { ...held, successor }) });
      enqueue.sendTo(held.consumer, { type: 'release.requested', graceMs: 0 });
    }),
    loseLane: enqueueActions(({ context, enqueue }, { lane }: { lane: number }) => {
      const held = context.lanes.get(lane);
      if (held) enqueue.sendTo(held.consumer, { type: 'lease.lost' });
    }),
    drainLanes: enqueueActions(({ context, enqueue }) => {
      for (const { consumer } of context.lanes.values()) enqueue.sendTo(consumer, { type: 'release.requested', graceMs: 0 });
    }),
    returnLane: enqueueActions(({ context, enqueue }, { lane, reason }: Pick<LaneConsumerOutput, 'lane' | 'reason'>) => {
      enqueue.sendTo('leases', returnLease(context.lanes.get(lane)!, reason));
      enqueue.stopChild(laneActorId(lane));
      enqueue.assign({ lanes: withoutLane(context.lanes, lane) });
    }),
    retire: sendTo('leases', { type: 'retirement.requested' }),
    closeLeases: sendTo('leases', { type: 'close.requested' }),
  },
}).createMachine({
  id: 'function',
  context: { openLane: undefined, lanes: new Map(), attempt: 0, error: undefined },
  initial: 'opening',
  on: {
    'shutdown.requested': '.stopped',
  },
  states: {
    opening: {
      invoke: {
        src: 'openFunction',
        onDone: { target: 'open', actions: { type: 'keepOpenLane', params: ({ event }) => ({ openLane: event.output }) } },
        onError: { target: 'judging', actions: [{ type: 'keepError', params: ({ event }) => event }, 'countAttempt'] },
      },
    },
    judging: {
      always: [{ guard: 'isWorthWaiting', target: 'waiting' }, { target: 'failed' }],
    },
    waiting: {
      entry: { type: 'reportWaiting', params: ({ context }) => context },
      after: { backoff: 'opening' },
    },
    open: {
      initial: 'serving',
      invoke: {
        src: 'leases',
        id: 'leases',
        onError: { target: '#function.failed', actions: { type: 'keepError', params: ({ event }) => event } },
      },
      on: {
        'shutdown.requested': '.draining',
        'keeper.failed': { target: '.draining', actions: { type: 'keepError', params: ({ event }) => event } },
        'members.changed': {},
        'lease.claimed': { actions: { type: 'startLane', params: ({ event }) => event } },
        'lease.recalled': { actions: { type: 'recallLane', params: ({ event }) => event } },
        'lease.lost': { actions: { type: 'loseLane', params: ({ event }) => event } },
        'xstate.done.actor.*': [
          {
            guard: { type: 'isLaneFailure', params: ({ event }) => event.output },
            target: '.draining',
            actions: [
              { type: 'returnLane', params: ({ event }) => event.output },
              { type: 'keepError', params: ({ event }) => event.output },
            ],
          },
          { actions: { type: 'returnLane', params: ({ event }) => event.output } },
        ],
        'xstate.error.actor.*': {
          target: '.draining',
          actions: [
            { type: 'returnLane', params: ({ event }) => ({ lane: laneOfActor(event.actorId), reason: 'failed' }) },
            { type: 'keepError', params: ({ event }) => event },
          ],
        },
      },
      states: {
        serving: {
          tags: 'ready',
          invoke: {
            src: 'measureLanes',
            id: 'backlog',
            onError: { target: 'draining', actions: { type: 'keepError', params: ({ event }) => event } },
          },
        },
        draining: {
          entry: ['retire', 'drainLanes'],
          on: { 'shutdown.requested': {}, 'keeper.failed': {} },
          always: { guard: 'hasNoLanes', target: 'closing' },
        },
        closing: {
          entry: 'closeLeases',
          on: { 'shutdown.requested': {}, 'keeper.failed': {}, 'leases.closed': '#function.ended' },
        },
      },
    },
    ended: {
      always: [{ guard: 'hasError', target: 'failed' }, { target: 'stopped' }],
    },
    stopped: { type: 'final', output: 'stopped' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as FunctionOutput['reason'],
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
