/**
 * Writes the lanes of one egress to its stream, from finding the stream to the end of the worker.
 *
 *     resolving ──▶ open: writing ──shutdown.requested──▶ draining ──▶ closing ──▶ stopped
 *       ▲   └─▶ judging ──▶ failed    (delivering ⇄ failing)              │  └─────▶ failed
 *       ├── waiting ◀┘                                                    │
 *       └── standingBy ◀──────────────────────────────────────────────────┘ (other workers can have its lanes)
 *
 * Its children are the writer, the leases of its lanes, and one lane consumer for each lease held. Lanes are leased only while the egress
 * is open, so that nothing is taken for a stream that cannot be found. While it starts, it waits for an endpoint that cannot be reached; a
 * stream that does not exist and credentials that are refused end it. Later these failures only block lanes. If every request fails for
 * long while other workers serve the egress too, it gives its lanes to them and stands by.
 */
import { notProvided } from '@sluice/actor-kit';
import { type BackoffPolicy, backoffDelay, isRetryable } from '@sluice/core';
import { isBlocked } from '@sluice/kinesis';
import {
  type HeldLanes,
  type LaneActorId,
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
import { type WriterNotice, writerMachine } from '../egress-writer/writer.machine.ts';
import type { DataPlane } from './data-plane.ts';

export interface EgressOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` otherwise. */
  readonly error: unknown;
}

export interface EgressContext {
  readonly plane: DataPlane | undefined;
  readonly lanes: HeldLanes;
  /** Workers of this egress, this one included. */
  readonly members: number;
  /** Failed attempts to find the stream, in a row. */
  readonly attempt: number;
  /** Times in a row that the lanes were given to other workers. */
  readonly yields: number;
  readonly isYielding: boolean;
  readonly error: unknown;
}

export type EgressEvent = { readonly type: 'shutdown.requested' } | LaneLeaseEvent | WriterNotice | LaneEnded | LaneCrashed;

/** What an operator should know. */
export type EgressReport =
  | { readonly type: 'egress.waiting'; readonly error: unknown; readonly attempt: number }
  | { readonly type: 'egress.failing'; readonly error: unknown }
  | { readonly type: 'egress.recovered' }
  | { readonly type: 'egress.yielded'; readonly lanes: number };

/** Pauses between attempts to find the stream. */
const RESOLVING: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 10_000, maxElapsedMs: 0, maxRetries: 0 };
/** Pauses before lanes are taken again that were given to other workers. They grow, so that lanes do not go back and forth. */
const STANDING_BY: BackoffPolicy = { initialIntervalMs: 30_000, maxIntervalMs: 600_000, maxElapsedMs: 0, maxRetries: 0 };
/** An egress that was open for so long has recovered. */
const PROVEN_MS = 120_000;
/** After a shutdown, how long records in hand may still be sent. If the endpoint answers within 1 s, all of them end before the drain's limit. */
const SHUTDOWN_GRACE_MS = 400;

/** Delays by chance. @param random a number in [0, 1) */
export const egressDelays = (random: () => number) => ({
  backoff: ({ context }: { context: EgressContext }) => backoffDelay(RESOLVING, context.attempt - 1, random()),
  rest: ({ context }: { context: EgressContext }) => backoffDelay(STANDING_BY, context.yields - 1, random()),
});

export const egressMachine = setup({
  types: {
    context: {} as EgressContext,
    events: {} as EgressEvent,
    output: {} as EgressOutput,
    tags: {} as 'ready',
    children: {} as { writer: 'writer'; leases: 'leases'; backlog: 'measureLanes' } & Record<LaneActorId, 'laneConsumer'>,
  },
  actors: {
    /** Finds the stream, and builds what moves records to it. */
    openStream: fromPromise<DataPlane>(notProvided('openStream')),
    /** Shares the lanes out among the workers of the egress. */
    leases: fromCallback<LeasesCommand>(() => {
      throw new Error('actor "leases" was not provided');
    }),
    /** Measures what waits in all lanes until it is stopped. */
    measureLanes: fromPromise<void>(notProvided('measureLanes')),
    writer: writerMachine,
    laneConsumer: laneConsumerMachine,
  },
  delays: { ...egressDelays(() => 0.5), proven: PROVEN_MS },
  guards: {
    hasError: ({ context }) => context.error !== undefined,
    isWorthWaiting: ({ context }) => isRetryable(context.error) && (context.yields > 0 || !isBlocked(context.error)),
    hasOthers: ({ context }) => context.members > 1,
    isYielding: ({ context }) => context.isYielding,
    hasNoLanes: ({ context }) => context.lanes.size === 0,
    isLaneFailure: (_, { reason }: LaneConsumerOutput) => reason === 'failed',
  },
  actions: {
    /** For operators. */
    report: (_, _report: EgressReport) => undefined,
    keepPlane: assign((_, plane: DataPlane) => ({ plane, error: undefined, attempt: 0 })),
    keepError: assign((_, { error }: { error: unknown }) => ({ error, isYielding: false })),
    keepMembers: assign((_, { members }: { members: number }) => ({ members })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    startYielding: assign({ isYielding: true, yields: ({ context }) => context.yields + 1 }),
    stopYielding: assign({ isYielding: false }),
    forgetYields: assign({ yields: 0 }),
    startLane: assign(({ context, spawn }, { lane, lease }: { lane: number; lease: Lease }) => {
      const consumer = spawn('laneConsumer', { id: laneActorId(lane), input: context.plane!.openLane(lane, lease) });
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
      const graceMs = context.isYielding ? 0 : SHUTDOWN_GRACE_MS;
      for (const { consumer } of context.lanes.values()) enqueue.sendTo(consumer, { type: 'release.requested', graceMs });
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
  id: 'egress',
  context: { plane: undefined, lanes: new Map(), members: 1, attempt: 0, yields: 0, isYielding: false, error: undefined },
  initial: 'resolving',
  on: {
    'shutdown.requested': '.stopped',
  },
  states: {
    resolving: {
      invoke: {
        src: 'openStream',
        onDone: { target: 'open', actions: { type: 'keepPlane', params: ({ event }) => event.output } },
        onError: { target: 'judging', actions: [{ type: 'keepError', params: ({ event }) => event }, 'countAttempt'] },
      },
    },
    judging: {
      always: [{ guard: 'isWorthWaiting', target: 'waiting' }, { target: 'failed' }],
    },
    waiting: {
      entry: { type: 'report', params: ({ context: { error, attempt } }) => ({ type: 'egress.waiting', error, attempt }) },
      after: { backoff: 'resolving' },
    },
    open: {
      initial: 'writing',
      invoke: [
        {
          src: 'writer',
          id: 'writer',
          input: ({ context }) => ({ writer: context.plane!.writer }),
          onError: { target: '.draining', actions: { type: 'keepError', params: ({ event }) => event } },
        },
        {
          src: 'leases',
          id: 'leases',
          onError: { target: '#egress.failed', actions: { type: 'keepError', params: ({ event }) => event } },
        },
      ],
      on: {
        'shutdown.requested': { target: '.draining', actions: 'stopYielding' },
        'writer.failed': { target: '.draining', actions: { type: 'keepError', params: ({ event }) => event } },
        'keeper.failed': { target: '.draining', actions: { type: 'keepError', params: ({ event }) => event } },
        'members.changed': { actions: { type: 'keepMembers', params: ({ event }) => event } },
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
        writing: {
          initial: 'delivering',
          invoke: {
            src: 'measureLanes',
            id: 'backlog',
            onError: { target: 'draining', actions: { type: 'keepError', params: ({ event }) => event } },
          },
          states: {
            delivering: {
              tags: 'ready',
              on: { 'writer.failing': 'failing' },
              after: { proven: { actions: 'forgetYields' } },
            },
            failing: {
              entry: {
                type: 'report',
                params: ({ event }) => ({ type: 'egress.failing', error: 'error' in event ? event.error : undefined }),
              },
              always: {
                guard: 'hasOthers',
                target: '#egress.open.draining',
                actions: [
                  'startYielding',
                  { type: 'report', params: ({ context }) => ({ type: 'egress.yielded', lanes: context.lanes.size }) },
                ],
              },
              on: {
                'writer.recovered': { target: 'delivering', actions: { type: 'report', params: { type: 'egress.recovered' } } },
              },
            },
          },
        },
        draining: {
          entry: ['retire', 'drainLanes'],
          on: { 'shutdown.requested': { actions: 'stopYielding' }, 'writer.failed': {}, 'keeper.failed': {} },
          always: { guard: 'hasNoLanes', target: 'closing' },
        },
        closing: {
          entry: 'closeLeases',
          on: {
            'shutdown.requested': { actions: 'stopYielding' },
            'writer.failed': {},
            'keeper.failed': {},
            'leases.closed': '#egress.ended',
          },
        },
      },
    },
    ended: {
      always: [
        { guard: 'isYielding', target: 'standingBy', actions: 'stopYielding' },
        { guard: 'hasError', target: 'failed' },
        { target: 'stopped' },
      ],
    },
    standingBy: {
      after: { rest: 'resolving' },
    },
    stopped: { type: 'final', output: 'stopped' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as EgressOutput['reason'],
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
