/**
 * Keeps one stream read: knows its shards, and runs one shard reader for each lease that this worker holds.
 *
 *     describing ──▶ reconciling ──▶ watching ──▶ reconciling …   (at each interval, and when a shard was read to its end)
 *        │  ▲            └──▶ failed                 │
 *        ▼  │                                        ▼  (shutdown, from anywhere)
 *      waiting                                    draining ──▶ stopped
 *
 * Nothing is leased before the stream's identity is known and its rows exist. Once that is so, a Kinesis that cannot be asked for its
 * shards does not disturb the readers, who meet it themselves. What an operator must mend ends a stream reader only while it starts.
 *
 * This file is pure. Its effects are named here and provided in `stream-reader.ts`.
 */
import { notProvided } from '@sluice/actor-kit';
import { isRetryable, SluiceError } from '@sluice/core';
import { isBlocked, type StreamDescription } from '@sluice/kinesis';
import type { Lease } from '@sluice/lease';
import { type ActorRef, assign, emit, enqueueActions, fromCallback, fromPromise, type Snapshot, setup } from 'xstate';
import { backoffMs } from '../shard-reader/pauses.ts';
import type { ShardReaderOutput } from '../shard-reader/shard-reader.machine.ts';
import type { ReconcileOutput } from './reconcile-shards.ts';

export interface StreamReaderInput {
  /** Name or ARN. */
  readonly stream: string;
  /** Time between two looks at the stream's shards. */
  readonly discoveryIntervalMs: number;
  /** Spreads the pauses; a number in [0, 1). */
  readonly random: () => number;
}

export interface StreamReaderOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` when it was asked to stop. */
  readonly error: unknown;
}

export interface ShardReaderTask {
  readonly shardId: string;
  readonly lease: Lease;
  readonly identity: StreamDescription;
}

export type ShardReaderCommand = { readonly type: 'lease.lost' } | { readonly type: 'shutdown.requested'; readonly successor?: string };

export type StreamReaderEvent =
  | { readonly type: 'lease.claimed'; readonly shardId: string; readonly lease: Lease }
  | { readonly type: 'lease.recalled'; readonly shardId: string; readonly lease: Lease; readonly successor: string }
  | { readonly type: 'lease.lost'; readonly shardId: string; readonly lease: Lease }
  | { readonly type: 'reader.ended'; readonly readerId: string; readonly shardId: string; readonly output: ShardReaderOutput }
  | { readonly type: 'shutdown.requested' };

export type StreamReaderEmitted =
  | { readonly type: 'stream.opened'; readonly description: StreamDescription }
  | { readonly type: 'stream.failed'; readonly error: unknown; readonly attempt: number }
  | ({ readonly type: 'shards.reconciled' } & ReconcileOutput)
  | { readonly type: 'reader.started'; readonly shardId: string }
  | { readonly type: 'reader.ended'; readonly shardId: string; readonly output: ShardReaderOutput };

interface StreamReaderContext extends StreamReaderInput {
  readonly identity: StreamDescription | undefined;
  /** By lease: a shard that is lost and claimed again has for a moment two readers, of which the older is fenced off. */
  readonly readers: Readonly<Record<string, ActorRef<Snapshot<unknown>, ShardReaderCommand>>>;
  /** Failures in a row to reach Kinesis or Redis. */
  readonly attempt: number;
  readonly error: unknown;
}

const readerIdOf = (shardId: string, { token }: Lease): string => `${shardId}#${token.number}`;

const isFatal = (error: unknown): boolean => !isRetryable(error) && !(error instanceof SluiceError && error.disposition === 'reject');

export const streamReaderMachine = setup({
  types: {
    input: {} as StreamReaderInput,
    context: {} as StreamReaderContext,
    events: {} as StreamReaderEvent,
    emitted: {} as StreamReaderEmitted,
    output: {} as StreamReaderOutput,
  },
  actors: {
    describeStream: fromPromise<StreamDescription, { stream: string }>(notProvided('describeStream')),
    reconcileShards: fromPromise<ReconcileOutput, { identity: StreamDescription }>(notProvided('reconcileShards')),
    shardReader: fromCallback<ShardReaderCommand, ShardReaderTask & { readonly readerId: string }>(() => {
      throw new Error('actor "shardReader" was not provided');
    }),
  },
  delays: {
    discoveryInterval: ({ context }) =>
      context.attempt > 0 ? backoffMs(context.attempt, false, context.random()) : context.discoveryIntervalMs,
    backoff: ({ context }) => backoffMs(context.attempt, false, context.random()),
  },
  guards: {
    isHopeless: ({ context }) => isBlocked(context.error) || isFatal(context.error),
    isFatal: ({ context }) => isFatal(context.error),
    isShardEnd: (_, { output }: { output: ShardReaderOutput }) => output.reason === 'shardEnd',
    // A bug costs a shard a pause; what we know to be hopeless stops the worker.
    isFatalEnd: (_, { output }: { output: ShardReaderOutput }) => output.reason === 'failed' && output.error instanceof SluiceError,
    hasNoReaders: ({ context }) => Object.keys(context.readers).length === 0,
  },
  actions: {
    keepIdentity: assign((_, identity: StreamDescription) => ({ identity, attempt: 0 })),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ error, attempt: context.attempt + 1 })),
    resetAttempt: assign({ attempt: 0 }),
    startReader: assign(({ context, spawn }, { shardId, lease }: { shardId: string; lease: Lease }) => {
      const readerId = readerIdOf(shardId, lease);
      const reader = spawn('shardReader', { id: readerId, input: { readerId, shardId, lease, identity: context.identity! } });
      return { readers: { ...context.readers, [readerId]: reader } };
    }),
    dropReader: enqueueActions(({ context, enqueue }, readerId: string) => {
      const { [readerId]: reader, ...readers } = context.readers;
      if (reader) enqueue.stopChild(reader);
      enqueue.assign({ readers });
    }),
    loseLease: enqueueActions(({ context, enqueue }, { shardId, lease }: { shardId: string; lease: Lease }) => {
      const reader = context.readers[readerIdOf(shardId, lease)];
      if (reader) enqueue.sendTo(reader, { type: 'lease.lost' });
    }),
    recallLease: enqueueActions(
      ({ context, enqueue }, { shardId, lease, successor }: { shardId: string; lease: Lease; successor: string }) => {
        const reader = context.readers[readerIdOf(shardId, lease)];
        if (reader) enqueue.sendTo(reader, { type: 'shutdown.requested', successor });
      },
    ),
    stopReaders: enqueueActions(({ context, enqueue }) => {
      for (const reader of Object.values(context.readers)) enqueue.sendTo(reader, { type: 'shutdown.requested' });
    }),
    tellOpened: emit((_, description: StreamDescription) => ({ type: 'stream.opened' as const, description })),
    tellFailed: emit(({ context }) => ({ type: 'stream.failed' as const, error: context.error, attempt: context.attempt })),
    tellReconciled: emit((_, output: ReconcileOutput) => ({ type: 'shards.reconciled' as const, ...output })),
    tellStarted: emit((_, shardId: string) => ({ type: 'reader.started' as const, shardId })),
    tellEnded: emit((_, { shardId, output }: { shardId: string; output: ShardReaderOutput }) => ({
      type: 'reader.ended' as const,
      shardId,
      output,
    })),
  },
}).createMachine({
  id: 'streamReader',
  context: ({ input }) => ({ ...input, identity: undefined, readers: {}, attempt: 0, error: undefined }),
  initial: 'describing',
  on: {
    'lease.claimed': {
      actions: [
        { type: 'startReader', params: ({ event }) => event },
        { type: 'tellStarted', params: ({ event }) => event.shardId },
      ],
    },
    'lease.recalled': { actions: { type: 'recallLease', params: ({ event }) => event } },
    'lease.lost': { actions: { type: 'loseLease', params: ({ event }) => event } },
    'reader.ended': [
      {
        guard: { type: 'isFatalEnd', params: ({ event }) => event },
        target: '.failed',
        actions: [
          { type: 'keepError', params: ({ event }) => event.output },
          { type: 'tellEnded', params: ({ event }) => event },
        ],
      },
      {
        actions: [
          { type: 'dropReader', params: ({ event }) => event.readerId },
          { type: 'tellEnded', params: ({ event }) => event },
        ],
      },
    ],
    'shutdown.requested': '.draining',
  },
  states: {
    describing: {
      invoke: {
        src: 'describeStream',
        input: ({ context: { stream } }) => ({ stream }),
        onDone: {
          target: 'reconciling',
          actions: [
            { type: 'keepIdentity', params: ({ event }) => event.output },
            { type: 'tellOpened', params: ({ event }) => event.output },
          ],
        },
        onError: { target: 'judging', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    judging: {
      always: [
        { guard: 'isHopeless', target: 'failed' },
        { target: 'waiting', actions: 'tellFailed' },
      ],
    },
    waiting: { after: { backoff: 'describing' } },
    reconciling: {
      invoke: {
        src: 'reconcileShards',
        input: ({ context }) => ({ identity: context.identity! }),
        onDone: { target: 'watching', actions: ['resetAttempt', { type: 'tellReconciled', params: ({ event }) => event.output }] },
        onError: { target: 'doubting', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    doubting: {
      always: [
        { guard: 'isFatal', target: 'failed' },
        { target: 'watching', actions: 'tellFailed' },
      ],
    },
    watching: {
      on: {
        'reader.ended': {
          guard: { type: 'isShardEnd', params: ({ event }) => event },
          target: 'reconciling',
          actions: [
            { type: 'dropReader', params: ({ event }) => event.readerId },
            { type: 'tellEnded', params: ({ event }) => event },
          ],
        },
      },
      after: { discoveryInterval: 'reconciling' },
    },
    draining: {
      entry: 'stopReaders',
      on: {
        // Too late to start: the lease goes back with the others.
        'lease.claimed': {},
        'shutdown.requested': {},
      },
      always: { guard: 'hasNoReaders', target: 'stopped' },
    },
    stopped: { type: 'final', output: 'stopped' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as StreamReaderOutput['reason'],
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
