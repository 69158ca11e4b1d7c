/**
 * Works through one lane for as long as its lease is held.
 *
 *     takingOver ──▶ moving ──budget.spent──▶ handingBack ──▶ blocked ──▶ moving …
 *       ▲   └──▶ blocked     │                      │
 *       │◀── givingBack ◀─────┘ lane.displaced       │
 *       └── backingOff ◀── recovering ◀─────────────┘ (any step that failed)
 *                               ├──▶ handingBack (a job that cannot be read)
 *                               └──▶ failed
 *
 *     from anywhere: lease.lost ──▶ leaseLost;  release.requested ──▶ draining ──▶ released
 *
 * Records are moved by the plain loop of {@link LaneWork}; this machine decides only when that loop runs. After any failure the lane is
 * taken over again: what was in hand comes back from Redis, never from memory. Whatever ends the consumer, `holdLane` ends with it, and
 * drops what is still in hand.
 */
import type { ActorNode } from '@sluice/actor-kit';
import { type BackoffPolicy, backoffDelay, isRetryable } from '@sluice/core';
import { assign, fromCallback, fromPromise, setup } from 'xstate';
import type { LaneNotice, SpentBudget } from './lane-notice.ts';
import type { LaneWork } from './lane-work.ts';
import { unreadableReason } from './unreadable-job.ts';

export interface LaneConsumerInput {
  readonly lane: number;
  readonly work: LaneWork;
  /** How long a lane whose budget was spent rests, in milliseconds. */
  readonly blockMs: number;
  /** What is in flight, for `/actors`. */
  readonly rows?: () => readonly ActorNode[];
}

export interface LaneConsumerOutput {
  readonly reason: 'leaseLost' | 'released' | 'failed';
  readonly lane: number;
  /** Why the consumer failed; `undefined` otherwise. */
  readonly error: unknown;
}

export interface LaneConsumerContext extends LaneConsumerInput {
  /** Failed steps in a row. */
  readonly attempt: number;
  readonly error: unknown;
  readonly spent: SpentBudget | undefined;
  /** What is left of a block. */
  readonly blockedForMs: number;
  /** How long records that were taken may still be sent while draining. */
  readonly graceMs: number;
}

export type LaneConsumerEvent =
  | LaneNotice
  | { readonly type: 'lease.lost' }
  | { readonly type: 'release.requested'; readonly graceMs: number };

/** Pauses after failed steps. */
export const RECOVERY: BackoffPolicy = { initialIntervalMs: 100, maxIntervalMs: 5_000, maxElapsedMs: 0, maxRetries: 0 };

export const laneConsumerMachine = setup({
  types: {
    input: {} as LaneConsumerInput,
    context: {} as LaneConsumerContext,
    events: {} as LaneConsumerEvent,
    children: {} as { hand: 'holdLane'; auditor: 'auditLane' },
    output: {} as LaneConsumerOutput,
  },
  actors: {
    /** Keeps what is in hand for as long as the consumer lives, and passes on what the data plane says. */
    holdLane: fromCallback<LaneConsumerEvent, { work: LaneWork }>(({ input, sendBack }) => input.work.hold(sendBack)),
    /** Counts the lane anew every now and then. */
    auditLane: fromPromise<void, { work: LaneWork }>(({ input, signal }) => input.work.audit(signal)),
    /** Resolves with the milliseconds that the lane still is blocked. */
    takeOver: fromPromise<number, { work: LaneWork }>(({ input }) => input.work.takeOver()),
    /** Runs until it is stopped, never resolves; rejects with what went wrong. */
    moveRecords: fromPromise<never, { work: LaneWork }>(({ input, signal }) => input.work.move(signal)),
    /** Puts everything in hand back and blocks the lane. */
    handBack: fromPromise<void, { work: LaneWork; spent: SpentBudget; blockMs: number }>(({ input }) =>
      input.work.handBack(input.spent, input.blockMs),
    ),
    /** Puts everything in hand back, so that it comes again. */
    giveBack: fromPromise<void, { work: LaneWork }>(({ input }) => input.work.giveBack()),
    /** Finishes or hands back everything in hand. */
    drain: fromPromise<void, { work: LaneWork; graceMs: number }>(({ input }) => input.work.drain(input.graceMs)),
  },
  delays: {
    backoff: ({ context }) => backoffDelay(RECOVERY, context.attempt, 0.5),
    block: ({ context }) => context.blockedForMs,
  },
  guards: {
    isBlocked: ({ context }) => context.blockedForMs > 0,
    /** A job whose payload is gone or damaged: no worker can go past it, so it waits, blocked, for an operator. */
    isUnreadable: ({ context }) => unreadableReason(context.error) !== undefined,
    isRetryable: ({ context }) => isRetryable(context.error),
  },
  actions: {
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    keepSpent: assign((_, { spent }: { spent: SpentBudget }) => ({ spent })),
    keepBlock: assign((_, { blockedForMs }: { blockedForMs: number }) => ({ blockedForMs })),
    keepGrace: assign((_, { graceMs }: { graceMs: number }) => ({ graceMs })),
    blameJob: assign(({ context }) => ({ spent: { reason: unreadableReason(context.error)!, attempts: 1 } })),
    startBlock: assign(({ context }) => ({ blockedForMs: context.blockMs, spent: undefined })),
    endBlock: assign({ blockedForMs: 0 }),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    resetAttempt: assign({ attempt: 0 }),
  },
}).createMachine({
  id: 'laneConsumer',
  context: ({ input }) => ({ ...input, attempt: 0, error: undefined, spent: undefined, blockedForMs: 0, graceMs: 0 }),
  invoke: [
    { src: 'holdLane', id: 'hand', input: ({ context }) => context },
    {
      src: 'auditLane',
      id: 'auditor',
      input: ({ context }) => context,
      onError: { target: '.recovering', actions: { type: 'keepError', params: ({ event }) => event } },
    },
  ],
  initial: 'takingOver',
  on: {
    'lease.lost': '.leaseLost',
    'release.requested': { target: '.draining', actions: { type: 'keepGrace', params: ({ event }) => event } },
    'lane.failed': { target: '.recovering', actions: { type: 'keepError', params: ({ event }) => event } },
  },
  states: {
    takingOver: {
      invoke: {
        src: 'takeOver',
        input: ({ context }) => context,
        onDone: { target: 'sorting', actions: { type: 'keepBlock', params: ({ event }) => ({ blockedForMs: event.output }) } },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    sorting: {
      always: [{ guard: 'isBlocked', target: 'blocked' }, { target: 'moving' }],
    },
    moving: {
      on: {
        'budget.spent': { target: 'handingBack', actions: { type: 'keepSpent', params: ({ event }) => event } },
        'lane.displaced': 'givingBack',
        'lane.moved': { actions: 'resetAttempt' },
      },
      invoke: {
        src: 'moveRecords',
        input: ({ context }) => context,
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    handingBack: {
      invoke: {
        src: 'handBack',
        input: ({ context }) => ({ work: context.work, spent: context.spent!, blockMs: context.blockMs }),
        onDone: { target: 'blocked', actions: 'startBlock' },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    givingBack: {
      invoke: {
        src: 'giveBack',
        input: ({ context }) => context,
        onDone: 'takingOver',
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => event } },
      },
    },
    blocked: {
      after: { block: { target: 'takingOver', actions: 'endBlock' } },
    },
    recovering: {
      always: [
        { guard: 'isUnreadable', target: 'handingBack', actions: 'blameJob' },
        { guard: 'isRetryable', target: 'backingOff' },
        { target: 'failed' },
      ],
    },
    backingOff: { entry: 'countAttempt', after: { backoff: 'takingOver' } },
    draining: {
      on: { 'release.requested': {}, 'lane.failed': {} },
      invoke: {
        src: 'drain',
        input: ({ context }) => context,
        onDone: 'released',
        // What could not be handed back comes back to the lane's next owner.
        onError: 'released',
      },
    },
    leaseLost: { type: 'final', output: 'leaseLost' },
    released: { type: 'final', output: 'released' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as LaneConsumerOutput['reason'],
    lane: context.lane,
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
