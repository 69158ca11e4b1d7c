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
 * Records are moved by the plain loop behind `moveRecords`; this machine decides only when that loop runs. After any failure the lane is
 * taken over again: what was in hand comes back from Redis, never from memory.
 */
import { notProvided } from '@sluice/actor-kit';
import { type ErrorReport, isRetryable, toErrorReport } from '@sluice/core';
import { assign, emit, fromPromise, setup } from 'xstate';
import type { SpentBudget } from '../egress-writer/lane-hold.ts';

export interface LaneConsumerInput {
  readonly lane: number;
  /** How long a lane whose budget was spent rests, in milliseconds. */
  readonly blockMs: number;
}

export interface LaneConsumerOutput {
  readonly reason: 'leaseLost' | 'released' | 'failed';
  readonly lane: number;
  /** Why the consumer failed; `undefined` for every other reason. */
  readonly error: unknown;
}

interface LaneConsumerContext extends LaneConsumerInput {
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
  | { readonly type: 'budget.spent'; readonly spent: SpentBudget }
  /** Records in hand depend on another lane that may not send any more. */
  | { readonly type: 'lane.displaced' }
  /** Jobs were taken and passed on; told once a run. */
  | { readonly type: 'lane.moved' }
  /** An acknowledgement or a dead letter could not be stored. */
  | { readonly type: 'lane.failed'; readonly error: unknown }
  | { readonly type: 'lease.lost' }
  | { readonly type: 'release.requested'; readonly graceMs: number };

const UNREADABLE = new Set(['PAYLOAD_MISSING', 'PAYLOAD_MALFORMED']);

export const laneConsumerMachine = setup({
  types: {
    input: {} as LaneConsumerInput,
    context: {} as LaneConsumerContext,
    events: {} as LaneConsumerEvent,
    /** The next job cannot be read; its lane waits, blocked, for an operator. */
    emitted: {} as { readonly type: 'job.unreadable'; readonly reason: ErrorReport },
    output: {} as LaneConsumerOutput,
  },
  actors: {
    /** Resolves with the milliseconds that the lane still is blocked. */
    takeOver: fromPromise<number>(notProvided('takeOver')),
    /** Runs until it is stopped, never resolves; rejects with what went wrong. */
    moveRecords: fromPromise<never>(notProvided('moveRecords')),
    /** Puts everything in hand back and blocks the lane. */
    handBack: fromPromise<void, { spent: SpentBudget; blockMs: number }>(notProvided('handBack')),
    /** Puts everything in hand back, so that it comes again. */
    giveBack: fromPromise<void>(notProvided('giveBack')),
    /** Finishes or hands back everything in hand, and gives the lease back. */
    drain: fromPromise<void, { graceMs: number }>(notProvided('drain')),
  },
  delays: {
    backoff: ({ context }) => Math.min(100 * 2 ** context.attempt, 5_000),
    block: ({ context }) => context.blockedForMs,
  },
  guards: {
    isBlocked: ({ context }) => context.blockedForMs > 0,
    /** A job whose payload is gone or damaged: no worker can go past it, so it waits, blocked, for an operator. */
    isUnreadable: ({ context }) => UNREADABLE.has(toErrorReport(context.error).code),
    isRetryable: ({ context }) => isRetryable(context.error),
  },
  actions: {
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    keepSpent: assign((_, { spent }: { spent: SpentBudget }) => ({ spent })),
    keepBlock: assign((_, { blockedForMs }: { blockedForMs: number }) => ({ blockedForMs })),
    keepGrace: assign((_, { graceMs }: { graceMs: number }) => ({ graceMs })),
    blameJob: assign(({ context }) => ({ spent: { reason: toErrorReport(context.error), attempts: 1 } })),
    tellUnreadable: emit(({ context }) => ({ type: 'job.unreadable' as const, reason: toErrorReport(context.error) })),
    startBlock: assign(({ context }) => ({ blockedForMs: context.blockMs, spent: undefined })),
    endBlock: assign({ blockedForMs: 0 }),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    resetAttempt: assign({ attempt: 0 }),
  },
}).createMachine({
  id: 'laneConsumer',
  context: ({ input }) => ({ ...input, attempt: 0, error: undefined, spent: undefined, blockedForMs: 0, graceMs: 0 }),
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
        onDone: { target: 'sorting', actions: { type: 'keepBlock', params: ({ event }) => ({ blockedForMs: event.output }) } },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
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
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    handingBack: {
      invoke: {
        src: 'handBack',
        input: ({ context }) => ({ spent: context.spent!, blockMs: context.blockMs }),
        onDone: { target: 'blocked', actions: 'startBlock' },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    givingBack: {
      invoke: {
        src: 'giveBack',
        onDone: 'takingOver',
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    blocked: {
      after: { block: { target: 'takingOver', actions: 'endBlock' } },
    },
    recovering: {
      always: [
        { guard: 'isUnreadable', target: 'handingBack', actions: ['blameJob', 'tellUnreadable'] },
        { guard: 'isRetryable', target: 'backingOff' },
        { target: 'failed' },
      ],
    },
    backingOff: { entry: 'countAttempt', after: { backoff: 'takingOver' } },
    draining: {
      on: { 'release.requested': {}, 'lane.failed': {} },
      invoke: {
        src: 'drain',
        input: ({ context }) => ({ graceMs: context.graceMs }),
        onDone: 'released',
        // What could not be handed back comes back to whoever takes the lane over.
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
