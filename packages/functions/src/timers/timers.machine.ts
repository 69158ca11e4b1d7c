/**
 * Sends delayed messages when they are due by the clock of Redis.
 *
 *     firing ──▶ sorting ──▶ resting ──▶ firing …
 *       └──▶ recovering ──▶ firing
 *
 * Every worker does it; Redis makes sure that a message is sent once.
 */
import { notProvided } from '@sluice/actor-kit';
import { type BackoffPolicy, backoffDelay } from '@sluice/core';
import type { FiredMessages } from '@sluice/queue';
import { assign, fromPromise, setup } from 'xstate';

export interface TimersOutput {
  readonly reason: 'stopped';
  readonly error: undefined;
}

interface TimersContext {
  readonly nextInMs: number | undefined;
  /** Failed attempts in a row. */
  readonly attempt: number;
}

/** A message that another worker adds may be due earlier than all that are known. */
const LONGEST_REST_MS = 200;
/** When something is due, the pause that lets more of it come together. */
const SHORTEST_REST_MS = 2;
const RECOVERY: BackoffPolicy = { initialIntervalMs: 100, maxIntervalMs: 5_000, maxElapsedMs: 0, maxRetries: 0 };

export const timersMachine = setup({
  types: {
    context: {} as TimersContext,
    events: {} as { readonly type: 'shutdown.requested' },
    output: {} as TimersOutput,
    tags: {} as 'ready',
  },
  actors: {
    fireDelayed: fromPromise<FiredMessages>(notProvided('fireDelayed')),
  },
  delays: {
    rest: ({ context }) => Math.max(SHORTEST_REST_MS, Math.min(context.nextInMs ?? LONGEST_REST_MS, LONGEST_REST_MS)),
    backoff: ({ context }) => backoffDelay(RECOVERY, context.attempt - 1, 0.5),
  },
  guards: {
    isMoreDue: ({ context }) => context.nextInMs === 0,
  },
  actions: {
    /** For operators. */
    reportFired: (_, _fired: { readonly records: number }) => undefined,
    reportFailure: (_, _failure: { readonly error: unknown }) => undefined,
    keepNext: assign((_, { nextInMs }: FiredMessages) => ({ nextInMs, attempt: 0 })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
  },
}).createMachine({
  id: 'timers',
  context: { nextInMs: undefined, attempt: 0 },
  initial: 'firing',
  on: { 'shutdown.requested': '.stopped' },
  states: {
    firing: {
      tags: 'ready',
      invoke: {
        src: 'fireDelayed',
        onDone: {
          target: 'sorting',
          actions: [
            { type: 'keepNext', params: ({ event }) => event.output },
            { type: 'reportFired', params: ({ event }) => ({ records: event.output.fired }) },
          ],
        },
        onError: { target: 'recovering', actions: ['countAttempt', { type: 'reportFailure', params: ({ event }) => event }] },
      },
    },
    sorting: {
      tags: 'ready',
      always: [{ guard: 'isMoreDue', target: 'firing' }, { target: 'resting' }],
    },
    resting: { tags: 'ready', after: { rest: 'firing' } },
    recovering: { after: { backoff: 'firing' } },
    stopped: { type: 'final' },
  },
  output: { reason: 'stopped', error: undefined },
});
