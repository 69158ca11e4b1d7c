/**
 * Keeps the HTTP front of functions open.
 *
 *     opening ──▶ serving ──shutdown.requested──▶ closing ──▶ stopped
 *       ▲ └──▶ waiting
 *       └─────────┘
 *
 * A port that is in use is waited for: another worker on this machine serves it, and this one takes over when that one ends. A worker does
 * its work without the front, so it is ready meanwhile.
 */
import { notProvided } from '@sluice/actor-kit';
import { assign, fromPromise, setup } from 'xstate';

export interface FrontContext {
  readonly server: AsyncDisposable | undefined;
  /** Failed attempts to open the port, in a row. */
  readonly attempt: number;
}

export interface FrontOutput {
  readonly reason: 'stopped' | 'failed';
  readonly error: unknown;
}

/** Between attempts to open the port. */
const PAUSE_MS = 5_000;

export const httpFrontMachine = setup({
  types: {
    context: {} as FrontContext,
    events: {} as { readonly type: 'shutdown.requested' },
    output: {} as FrontOutput,
    tags: {} as 'ready',
  },
  actors: {
    /** Opens the port and serves it until it is disposed of. */
    openServer: fromPromise<AsyncDisposable>(notProvided('openServer')),
    closeServer: fromPromise<void, { server: AsyncDisposable }>(notProvided('closeServer')),
  },
  delays: { pause: PAUSE_MS },
  actions: {
    /** For operators. */
    report: (_, _failure: { readonly error: unknown; readonly attempt: number }) => undefined,
    keepServer: assign((_, server: AsyncDisposable) => ({ server, attempt: 0 })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
  },
}).createMachine({
  id: 'httpFront',
  context: { server: undefined, attempt: 0 },
  initial: 'opening',
  states: {
    opening: {
      tags: 'ready',
      invoke: {
        src: 'openServer',
        onDone: { target: 'serving', actions: { type: 'keepServer', params: ({ event }) => event.output } },
        onError: {
          target: 'waiting',
          actions: ['countAttempt', { type: 'report', params: ({ event, context }) => ({ error: event.error, attempt: context.attempt }) }],
        },
      },
      on: { 'shutdown.requested': 'stopped' },
    },
    waiting: {
      tags: 'ready',
      after: { pause: 'opening' },
      on: { 'shutdown.requested': 'stopped' },
    },
    serving: {
      tags: 'ready',
      on: { 'shutdown.requested': 'closing' },
    },
    closing: {
      invoke: { src: 'closeServer', input: ({ context }) => ({ server: context.server! }), onDone: 'stopped', onError: 'stopped' },
    },
    stopped: { type: 'final' },
  },
  output: { reason: 'stopped', error: undefined },
});
