/**
 * Sees to the dead letters of an installation: sends them on where they have an output, and holds them to their limits.
 *
 *     standingBy ──lease.claimed──▶ holding ──lease.lost──▶ standingBy
 *         │                           │ lease.recalled, shutdown.requested
 *         │                           ▼
 *         └──shutdown.requested──▶ leaving ──▶ standingBy | closing ──▶ stopped | failed
 *
 *     holding:  delivering ──▶ sorting ──▶ resting ──▶ delivering …
 *                  └──▶ recovering ──▶ delivering
 *
 * One worker of all does it, the one that holds the lease. What is sent twice because a lease went over in between is a duplicate; nothing
 * is removed from Redis before the output has confirmed it. An output that fails concerns nobody else: the worker stays ready, and the watch
 * over the limits goes on.
 */
import { notProvided } from '@sluice/actor-kit';
import { type BackoffPolicy, backoffDelay } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import { assign, fromCallback, fromPromise, sendTo, setup } from 'xstate';
import type { SenderLeaseCommand, SenderLeaseEvent } from './sender/sender-lease.ts';

export interface DeadLettersOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` otherwise. */
  readonly error: unknown;
}

interface DeadLettersContext {
  readonly lease: Lease | undefined;
  /** Who shall have the lease next; `undefined` while nobody wants it. */
  readonly successor: string | undefined;
  readonly isStopping: boolean;
  readonly isMore: boolean;
  /** Failed attempts to send, in a row. */
  readonly attempt: number;
  readonly failure: { readonly error: unknown } | undefined;
}

type DeadLettersEvent = { readonly type: 'shutdown.requested' } | SenderLeaseEvent;

/** Pause when nothing is left to send. */
const REST_MS = 1_000;
const RECOVERY: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 60_000, maxElapsedMs: 0, maxRetries: 0 };
/** How long letters that are under way may still be confirmed when the worker stops. */
const GRACE_MS = 1_000;

/** @param random a number in [0, 1) */
export const deadLetterDelays = (random: () => number) => ({
  backoff: ({ context }: { readonly context: DeadLettersContext }) => backoffDelay(RECOVERY, context.attempt - 1, random()),
});

export const deadLettersMachine = setup({
  types: {
    context: {} as DeadLettersContext,
    events: {} as DeadLettersEvent,
    output: {} as DeadLettersOutput,
    tags: {} as 'ready',
    children: {} as { lease: 'senderLease' },
  },
  actors: {
    senderLease: fromCallback<SenderLeaseCommand>(() => undefined),
    /** Sends some. Rejects with why some of them could not be sent. */
    sendLetters: fromPromise<{ readonly isMore: boolean }, { lease: Lease }>(notProvided('sendLetters')),
    /** Measures dead letters and holds them to their limits, until it is stopped. */
    letterWatch: fromPromise<void>(notProvided('letterWatch')),
  },
  delays: { ...deadLetterDelays(() => 0.5), rest: REST_MS, grace: GRACE_MS },
  guards: {
    isMore: ({ context }) => context.isMore,
    isLeaving: ({ context }) => context.isStopping || context.successor !== undefined,
    isStopping: ({ context }) => context.isStopping,
    hasFailedBefore: ({ context }) => context.attempt > 0,
    isFailed: ({ context }) => context.failure !== undefined,
    /** Whether dead letters have an output. */
    hasOutput: () => true,
  },
  actions: {
    /** For operators. */
    reportFailing: (_, _failure: { readonly error: unknown; readonly attempt: number }) => undefined,
    reportRecovered: () => undefined,
    closeOutput: () => undefined,
    keepLease: assign((_, { lease }: { lease: Lease }) => ({ lease, successor: undefined, attempt: 0 })),
    forgetLease: assign({ lease: undefined, successor: undefined }),
    keepSuccessor: assign((_, { successor }: { successor: string }) => ({ successor })),
    keepSent: assign((_, { isMore }: { isMore: boolean }) => ({ isMore, attempt: 0 })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    keepFailure: assign((_, { error }: { error: unknown }) => ({ failure: { error }, isStopping: true })),
    beginStopping: assign({ isStopping: true }),
    returnLease: sendTo('lease', ({ context }) => ({ type: 'lease.returned', lease: context.lease!, successor: context.successor! })),
    closeLease: sendTo('lease', { type: 'close.requested' }),
  },
}).createMachine({
  id: 'deadLetters',
  context: { lease: undefined, successor: undefined, isStopping: false, isMore: false, attempt: 0, failure: undefined },
  invoke: { src: 'senderLease', id: 'lease', onError: { actions: { type: 'keepFailure', params: ({ event }) => event } } },
  on: {
    'shutdown.requested': { actions: 'beginStopping' },
    'keeper.failed': { actions: { type: 'keepFailure', params: ({ event }) => event } },
  },
  initial: 'standingBy',
  states: {
    standingBy: {
      tags: 'ready',
      always: { guard: 'isStopping', target: 'closing' },
      on: { 'lease.claimed': { target: 'holding', actions: { type: 'keepLease', params: ({ event }) => event } } },
    },
    holding: {
      tags: 'ready',
      invoke: { src: 'letterWatch', id: 'watch', onError: { actions: { type: 'keepFailure', params: ({ event }) => event } } },
      on: {
        'lease.lost': { target: 'standingBy', actions: 'forgetLease' },
        'lease.recalled': { actions: { type: 'keepSuccessor', params: ({ event }) => event } },
      },
      initial: 'choosing',
      states: {
        choosing: { always: [{ guard: 'hasOutput', target: 'delivering' }, { target: 'off' }] },
        off: { always: { guard: 'isLeaving', target: '#leaving' } },
        delivering: {
          invoke: {
            src: 'sendLetters',
            id: 'send',
            input: ({ context }) => ({ lease: context.lease! }),
            onDone: [
              {
                guard: 'hasFailedBefore',
                target: 'sorting',
                actions: ['reportRecovered', { type: 'keepSent', params: ({ event }) => event.output }],
              },
              { target: 'sorting', actions: { type: 'keepSent', params: ({ event }) => event.output } },
            ],
            onError: {
              target: 'recovering',
              actions: [
                'countAttempt',
                { type: 'reportFailing', params: ({ context, event }) => ({ error: event.error, attempt: context.attempt }) },
              ],
            },
          },
          initial: 'working',
          states: {
            working: { always: { guard: 'isLeaving', target: 'finishing' } },
            finishing: { after: { grace: '#leaving' } },
          },
        },
        sorting: {
          always: [{ guard: 'isLeaving', target: '#leaving' }, { guard: 'isMore', target: 'delivering' }, { target: 'resting' }],
        },
        resting: { always: { guard: 'isLeaving', target: '#leaving' }, after: { rest: 'delivering' } },
        recovering: { always: { guard: 'isLeaving', target: '#leaving' }, after: { backoff: 'delivering' } },
      },
    },
    leaving: {
      id: 'leaving',
      always: [
        { guard: 'isStopping', target: 'closing', actions: 'forgetLease' },
        { target: 'standingBy', actions: ['returnLease', 'forgetLease'] },
      ],
    },
    closing: {
      entry: 'closeLease',
      on: {
        'lease.closed': [
          { guard: 'isFailed', target: 'failed', actions: 'closeOutput' },
          { target: 'stopped', actions: 'closeOutput' },
        ],
      },
    },
    stopped: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context: { failure } }) => ({ reason: failure ? 'failed' : 'stopped', error: failure?.error }),
});
