/**
 * Writes to the stream of one egress, from finding it to the end of the worker.
 *
 *     resolving ──▶ writing ──shutdown.requested──▶ draining ──▶ stopped
 *       ▲   └─▶ judging ──▶ failed
 *       └── waiting ◀┘
 *
 * Lanes are leased only while it is `writing`, so that nothing is taken for a stream that cannot be found. An endpoint that cannot be
 * reached is waited for; a stream that does not exist, or credentials that are refused, stop the worker while it starts. Once it writes,
 * the same troubles only block lanes: good records must not suffer for them.
 */
import { notProvided } from '@sluice/actor-kit';
import { isRetryable } from '@sluice/core';
import { isBlocked } from '@sluice/kinesis';
import { assign, emit, fromPromise, setup } from 'xstate';

/** The destination, as the writer addresses it. */
export interface ResolvedStream {
  /** Name or ARN. */
  readonly stream: string;
  /** Largest record: data and key. */
  readonly maxRecordBytes: number;
  /** The service places records by itself, and its readers do not unpack aggregates. */
  readonly isAutoDistributed: boolean;
}

export interface EgressWriterInput {
  readonly egressId: string;
}

export interface EgressWriterOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` otherwise. */
  readonly error: unknown;
}

interface EgressWriterContext extends EgressWriterInput {
  readonly stream: ResolvedStream | undefined;
  /** Attempts to find the stream that failed. */
  readonly attempt: number;
  readonly error: unknown;
}

export const egressWriterMachine = setup({
  types: {
    input: {} as EgressWriterInput,
    context: {} as EgressWriterContext,
    events: {} as { type: 'shutdown.requested' } | { type: 'writer.failed'; error: unknown },
    emitted: {} as { type: 'start.awaited'; error: unknown; attempt: number },
    output: {} as EgressWriterOutput,
  },
  actors: {
    resolveStream: fromPromise<ResolvedStream>(notProvided('resolveStream')),
    /** Leases lanes and writes their records until it is stopped; never resolves, rejects on what no retry mends. */
    writeRecords: fromPromise<never, { stream: ResolvedStream }>(notProvided('writeRecords')),
    /** Flushes, waits for what is in flight, and gives every lane back. */
    drain: fromPromise<void>(notProvided('drain')),
  },
  delays: {
    backoff: ({ context }) => Math.min(500 * 2 ** (context.attempt - 1), 10_000),
  },
  guards: {
    hasError: ({ context }) => context.error !== undefined,
    isWorthWaiting: ({ context }) => isRetryable(context.error) && !isBlocked(context.error),
  },
  actions: {
    keepStream: assign((_, stream: ResolvedStream) => ({ stream, error: undefined })),
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
  },
}).createMachine({
  id: 'egressWriter',
  context: ({ input }) => ({ ...input, stream: undefined, attempt: 0, error: undefined }),
  initial: 'resolving',
  on: {
    'shutdown.requested': '.stopped',
  },
  states: {
    resolving: {
      invoke: {
        src: 'resolveStream',
        onDone: { target: 'writing', actions: { type: 'keepStream', params: ({ event }) => event.output } },
        onError: { target: 'judging', actions: [{ type: 'keepError', params: ({ event }) => ({ error: event.error }) }, 'countAttempt'] },
      },
    },
    judging: {
      always: [{ guard: 'isWorthWaiting', target: 'waiting' }, { target: 'failed' }],
    },
    waiting: {
      entry: emit(({ context }) => ({ type: 'start.awaited' as const, error: context.error, attempt: context.attempt })),
      after: { backoff: 'resolving' },
    },
    writing: {
      on: {
        'shutdown.requested': 'draining',
        'writer.failed': { target: 'draining', actions: { type: 'keepError', params: ({ event }) => event } },
      },
      invoke: {
        src: 'writeRecords',
        input: ({ context }) => ({ stream: context.stream! }),
        onError: { target: 'draining', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    draining: {
      on: { 'shutdown.requested': {} },
      invoke: {
        src: 'drain',
        onDone: 'ended',
        onError: { target: 'ended', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    ended: {
      always: [{ guard: 'hasError', target: 'failed' }, { target: 'stopped' }],
    },
    stopped: { type: 'final', output: 'stopped' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as EgressWriterOutput['reason'],
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
