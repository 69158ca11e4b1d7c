/**
 * Reads one shard from its checkpoint to its end, with at most one page on its way into the queue.
 *
 *     resolving ──▶ polling ──▶ sorting ──▶ dispatching ──▶ checkpointing ──▶ polling …
 *                                  ├──▶ idle ──▶ polling  ▲      └──▶ ending ──▶ shardEnd
 *                                  └──▶ ending            paused (queue full, page kept)
 *
 * The stored checkpoint is the truth, an iterator or a page in memory never is: it moves only after every record of the page is in
 * the queue, and where another value stands than was last written, the reader goes back to that one. So a page may be enqueued twice
 * but is never skipped. A step that fails goes to `recovering`: it waits and starts again from the checkpoint, or from the same
 * iterator where Kinesis merely did not answer, or it ends the reader; a shard that has expired as a whole is at its end. A shutdown lets the page in hand finish, so that it is not
 * enqueued twice.
 *
 * This file is pure. Its effects are named here and provided in `shard-reader.ts`.
 */
import { notProvided } from '@sluice/actor-kit';
import { isRetryable, SluiceError } from '@sluice/core';
import { type GetRecordsOutput, isBlocked } from '@sluice/kinesis';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { assign, emit, enqueueActions, fromPromise, setup } from 'xstate';
import { backoffMs, idleMs } from './pauses.ts';
import { beginsBeyond, checkpointAfter, trimPage } from './trim-page.ts';

export interface ShardReaderInput {
  readonly shardId: string;
  /** What is stored: up to there everything is in the queue. */
  readonly checkpoint: Checkpoint;
  /** Spreads the pauses; a number in [0, 1). */
  readonly random: () => number;
}

export interface ShardReaderOutput {
  readonly reason: 'shardEnd' | 'leaseLost' | 'shutdown' | 'failed';
  readonly checkpoint: Checkpoint;
  /** Why the reader failed; `undefined` for every other reason. */
  readonly error: unknown;
}

interface ShardReaderContext extends ShardReaderInput {
  /** What to ask Kinesis next; `null` once the shard is read to its end, `undefined` while it is to be resolved from the checkpoint. */
  readonly iterator: string | null | undefined;
  /** Read, but not yet both enqueued and checkpointed. */
  readonly page: GetRecordsOutput | undefined;
  /** Nothing came yet behind the checkpoint: what comes first tells whether records have expired unread. */
  readonly isResuming: boolean;
  /** Empty pages in a row at the tip of the shard. */
  readonly emptyPages: number;
  /** Failures since the reader last made progress: a page checkpointed, or an empty page. */
  readonly attempt: number;
  readonly error: unknown;
  /** A shutdown came while a page was being enqueued. */
  readonly isStopping: boolean;
}

export type ShardReaderEmitted =
  | { readonly type: 'page.read'; readonly records: number; readonly bytes: number; readonly lagMs: number }
  | { readonly type: 'page.enqueued'; readonly records: number }
  | { readonly type: 'checkpoint.moved'; readonly checkpoint: Checkpoint }
  | { readonly type: 'checkpoint.rewound'; readonly checkpoint: Checkpoint }
  /** What is behind the checkpoint has left the stream's retention, at least in part, and may hold records that were never read. */
  | { readonly type: 'records.expired'; readonly checkpoint: Checkpoint }
  | { readonly type: 'reader.paused' }
  | { readonly type: 'read.failed'; readonly error: unknown; readonly attempt: number };

/** Failures after which the same iterator may be asked again. */
const WEATHER: ReadonlySet<string> = new Set(['KINESIS_THROTTLED', 'KINESIS_UNAVAILABLE', 'KINESIS_TIMEOUT']);

/** All that is left to read of a shard whose records have expired. */
const NOTHING: GetRecordsOutput = { records: [], rawCount: 0, byteSize: 0, nextIterator: null, childShards: [], millisBehindLatest: 0 };

const hasCode = (error: unknown, ...codes: readonly string[]): boolean => error instanceof SluiceError && codes.includes(error.code);

export const shardReaderMachine = setup({
  types: {
    input: {} as ShardReaderInput,
    context: {} as ShardReaderContext,
    events: {} as { type: 'lease.lost' } | { type: 'shutdown.requested' },
    emitted: {} as ShardReaderEmitted,
    output: {} as ShardReaderOutput,
  },
  actors: {
    getShardIterator: fromPromise<string, { checkpoint: Checkpoint }>(notProvided('getShardIterator')),
    getRecords: fromPromise<GetRecordsOutput, { iterator: string }>(notProvided('getRecords')),
    enqueuePage: fromPromise<void, { page: GetRecordsOutput }>(notProvided('enqueuePage')),
    moveCheckpoint: fromPromise<CheckpointAnswer, { from: Checkpoint; to: Checkpoint }>(notProvided('moveCheckpoint')),
    endShard: fromPromise<CheckpointAnswer, { from: Checkpoint; page: GetRecordsOutput }>(notProvided('endShard')),
  },
  delays: {
    idleInterval: ({ context }) => idleMs(context.emptyPages),
    pauseInterval: 250,
    backoff: ({ context }) =>
      backoffMs(context.attempt, isBlocked(context.error) || hasCode(context.error, 'KINESIS_VALIDATION'), context.random()),
  },
  guards: {
    hasRecords: ({ context }) => context.page!.records.length > 0,
    isBehind: ({ context }) => context.page!.millisBehindLatest > 0,
    isShardEnd: ({ context }) => context.iterator === null,
    isStopping: ({ context }) => context.isStopping,
    isStored: (_, { outcome }: CheckpointAnswer) => outcome === 'stored',
    isLeaseLost: ({ context }) => hasCode(context.error, 'LEASE_LOST'),
    isQueueFull: ({ context }) => hasCode(context.error, 'QUEUE_FULL'),
    isShardExpired: ({ context }) => hasCode(context.error, 'SHARD_EXPIRED'),
    isFirstExpiry: ({ context }) => context.attempt === 0 && hasCode(context.error, 'ITERATOR_EXPIRED'),
    canAskAgain: ({ context }) => context.page === undefined && hasCode(context.error, ...WEATHER),
    canStartAgain: ({ context }) => isRetryable(context.error) || hasCode(context.error, 'KINESIS_VALIDATION'),
    hasIterator: ({ context }) => typeof context.iterator === 'string',
  },
  actions: {
    keepIterator: assign(({ context }, iterator: string) => ({ iterator, isResuming: context.checkpoint.kind === 'AFTER' })),
    forgetIterator: assign({ iterator: undefined, page: undefined }),
    keepPage: assign(({ context }, page: GetRecordsOutput) => ({
      page: trimPage(page, context.checkpoint),
      iterator: page.nextIterator,
      isResuming: context.isResuming && page.rawCount === 0,
    })),
    keepEndOfNothing: assign({ page: NOTHING, iterator: null }),
    keepEmptyPage: assign(({ context }) => ({
      page: undefined,
      attempt: 0,
      emptyPages: context.page!.millisBehindLatest > 0 ? 0 : context.emptyPages + 1,
    })),
    advanceCheckpoint: assign(({ context }) => ({
      checkpoint: checkpointAfter(context.page!, context.checkpoint),
      page: undefined,
      attempt: 0,
      emptyPages: 0,
    })),
    goBackTo: assign((_, answer: CheckpointAnswer) => ({
      ...(answer.outcome === 'moved' && { checkpoint: answer.stored }),
      iterator: undefined,
      page: undefined,
    })),
    endCheckpoint: assign({ checkpoint: { kind: 'SHARD_END' } as const, page: undefined }),
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    noteShutdown: assign({ isStopping: true }),
    tellGap: enqueueActions(({ context, enqueue }, page: GetRecordsOutput) => {
      const { isResuming, checkpoint } = context;
      if (isResuming && beginsBeyond(page, checkpoint)) enqueue.emit({ type: 'records.expired', checkpoint });
    }),
    tellExpired: emit(({ context }) => ({ type: 'records.expired' as const, checkpoint: context.checkpoint })),
    tellRead: emit(({ context }) => ({
      type: 'page.read' as const,
      records: context.page!.records.length,
      bytes: context.page!.byteSize,
      lagMs: context.page!.millisBehindLatest,
    })),
    tellEnqueued: emit(({ context }) => ({ type: 'page.enqueued' as const, records: context.page!.records.length })),
    tellCheckpoint: emit(({ context }) => ({ type: 'checkpoint.moved' as const, checkpoint: context.checkpoint })),
    tellRewound: emit(({ context }) => ({ type: 'checkpoint.rewound' as const, checkpoint: context.checkpoint })),
    tellPaused: emit({ type: 'reader.paused' as const }),
    tellFailed: emit(({ context }) => ({ type: 'read.failed' as const, error: context.error, attempt: context.attempt })),
  },
}).createMachine({
  id: 'shardReader',
  context: ({ input }) => ({
    ...input,
    iterator: undefined,
    page: undefined,
    isResuming: false,
    emptyPages: 0,
    attempt: 0,
    error: undefined,
    isStopping: false,
  }),
  initial: 'resolving',
  on: {
    'lease.lost': '.leaseLost',
    'shutdown.requested': '.shutdown',
  },
  states: {
    resolving: {
      invoke: {
        src: 'getShardIterator',
        input: ({ context: { checkpoint } }) => ({ checkpoint }),
        onDone: { target: 'polling', actions: { type: 'keepIterator', params: ({ event }) => event.output } },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    polling: {
      invoke: {
        src: 'getRecords',
        input: ({ context }) => ({ iterator: context.iterator! }),
        onDone: {
          target: 'sorting',
          actions: [
            { type: 'tellGap', params: ({ event }) => event.output },
            { type: 'keepPage', params: ({ event }) => event.output },
            'tellRead',
          ],
        },
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    sorting: {
      always: [
        { guard: 'hasRecords', target: 'dispatching' },
        { guard: 'isShardEnd', target: 'ending' },
        { guard: 'isBehind', target: 'polling', actions: 'keepEmptyPage' },
        { target: 'idle', actions: 'keepEmptyPage' },
      ],
    },
    dispatching: {
      on: { 'shutdown.requested': { actions: 'noteShutdown' } },
      invoke: {
        src: 'enqueuePage',
        input: ({ context }) => ({ page: context.page! }),
        onDone: [
          { guard: 'isShardEnd', target: 'ending', actions: 'tellEnqueued' },
          { target: 'checkpointing', actions: 'tellEnqueued' },
        ],
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    checkpointing: {
      on: { 'shutdown.requested': { actions: 'noteShutdown' } },
      invoke: {
        src: 'moveCheckpoint',
        input: ({ context: { checkpoint, page } }) => ({ from: checkpoint, to: checkpointAfter(page!, checkpoint) }),
        onDone: [
          {
            guard: { type: 'isStored', params: ({ event }) => event.output },
            target: 'advancing',
            actions: ['advanceCheckpoint', 'tellCheckpoint'],
          },
          { target: 'rewinding', actions: [{ type: 'goBackTo', params: ({ event }) => event.output }, 'tellRewound'] },
        ],
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    ending: {
      on: { 'shutdown.requested': { actions: 'noteShutdown' } },
      invoke: {
        src: 'endShard',
        input: ({ context: { checkpoint, page } }) => ({ from: checkpoint, page: page! }),
        onDone: [
          {
            guard: { type: 'isStored', params: ({ event }) => event.output },
            target: 'shardEnd',
            actions: ['endCheckpoint', 'tellCheckpoint'],
          },
          { target: 'rewinding', actions: [{ type: 'goBackTo', params: ({ event }) => event.output }, 'tellRewound'] },
        ],
        onError: { target: 'recovering', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    advancing: { always: [{ guard: 'isStopping', target: 'shutdown' }, { target: 'polling' }] },
    rewinding: { always: [{ guard: 'isStopping', target: 'shutdown' }, { target: 'resolving' }] },
    idle: { after: { idleInterval: 'polling' } },
    paused: { after: { pauseInterval: 'dispatching' } },
    recovering: {
      always: [
        { guard: 'isStopping', target: 'shutdown' },
        { guard: 'isLeaseLost', target: 'leaseLost' },
        { guard: 'isQueueFull', target: 'paused', actions: 'tellPaused' },
        { guard: 'isShardExpired', target: 'ending', actions: ['keepEndOfNothing', 'tellExpired'] },
        { guard: 'isFirstExpiry', target: 'resolving', actions: ['countAttempt', 'forgetIterator', 'tellFailed'] },
        { guard: 'canAskAgain', target: 'backingOff', actions: ['countAttempt', 'tellFailed'] },
        { guard: 'canStartAgain', target: 'backingOff', actions: ['countAttempt', 'forgetIterator', 'tellFailed'] },
        { target: 'failed' },
      ],
    },
    backingOff: { after: { backoff: [{ guard: 'hasIterator', target: 'polling' }, { target: 'resolving' }] } },
    shardEnd: { type: 'final', output: 'shardEnd' },
    leaseLost: { type: 'final', output: 'leaseLost' },
    shutdown: { type: 'final', output: 'shutdown' },
    failed: { type: 'final', output: 'failed' },
  },
  output: ({ context, event }) => ({
    reason: event.output as ShardReaderOutput['reason'],
    checkpoint: context.checkpoint,
    error: event.output === 'failed' ? context.error : undefined,
  }),
});
