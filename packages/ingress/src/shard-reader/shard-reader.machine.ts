/**
 * Reads one shard from its checkpoint to its end, with at most one slice of a page on its way into the queue.
 *
 *     opening ─▶ resolving ─▶ polling ─▶ taking ─▶ enqueuing ─▶ checkpointing ─▶ taking … polling …
 *                    ▲           ├─▶ idle             ▼  ▲            │
 *                    │           └─▶ ending ─┐      paused            │
 *                backingOff ◀─ recovering    └─▶ closing ─▶ ended ◀───┘ (shutdown)
 *
 * The stored checkpoint is the truth, an iterator or a page in memory never is: it moves only after every record up to it is in the
 * queue, and where another value stands than was last written, the reader goes back to that one. So records may be enqueued twice but
 * are never skipped. A page of aggregates is unpacked in slices, each with its own checkpoint, which may be inside an aggregate.
 *
 * A step that fails goes to `recovering`: it waits and starts again from the checkpoint, or from the same iterator where Kinesis merely
 * did not answer, or ends the reader. A shutdown lets the slice in hand finish, so that it is not enqueued twice. However a reader
 * ends, it gives its lease back first.
 *
 * Its effects are calls of the session and the source that it is given.
 */
import type { RecordPage } from '@sluice/kinesis';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { assign, fromPromise, setup } from 'xstate';
import { canAskAgain, canStartAgain, hasCode, isForOperators, retriesOf } from './failures.ts';
import { retryMs } from './pauses.ts';
import { beginsBeyond, checkpointAfter } from './positions.ts';
import {
  outputOf,
  pageReport,
  releaseOptions,
  type ShardReaderContext,
  type ShardReaderEvent,
  type ShardReaderInput,
} from './shard-reader-context.ts';
import type { RecordSlice, ReleaseOptions, ShardEnding, ShardReaderOutput, ShardSession } from './shard-session.ts';
import { type TipNews, type TipWatch, watchTip } from './watch-tip.ts';

const keepError = { type: 'keepError', params: ({ event }: { event: { error: unknown } }) => event } as const;
const keepFailure = { type: 'keepFailure', params: ({ event }: { event: { output: TipNews } }) => event.output } as const;

export const shardReaderMachine = setup({
  types: {
    input: {} as ShardReaderInput,
    context: {} as ShardReaderContext,
    events: {} as ShardReaderEvent,
    output: {} as ShardReaderOutput,
  },
  actors: {
    openShard: fromPromise<ShardSession, ShardReaderInput>(async ({ input: { source, ...task } }) => source.openShard(task)),
    getShardIterator: fromPromise<string, { session: ShardSession; checkpoint: Checkpoint }>(({ input, signal }) =>
      input.session.open(input.checkpoint, signal),
    ),
    getRecords: fromPromise<RecordPage, { session: ShardSession; iterator: string }>(({ input, signal }) =>
      input.session.next(input.iterator, signal),
    ),
    watchTip: fromPromise<TipNews, TipWatch>(({ input, signal }) => watchTip(input, signal)),
    takeSlice: fromPromise<RecordSlice, { session: ShardSession; page: RecordPage; checkpoint: Checkpoint }>(({ input, signal }) =>
      input.session.take(input.page, input.checkpoint, signal),
    ),
    enqueueSlice: fromPromise<void, { session: ShardSession; slice: RecordSlice }>(({ input }) => input.session.enqueue(input.slice)),
    moveCheckpoint: fromPromise<CheckpointAnswer, { session: ShardSession; from: Checkpoint; to: Checkpoint }>(({ input }) =>
      input.session.moveCheckpoint(input.from, input.to),
    ),
    endShard: fromPromise<CheckpointAnswer, { session: ShardSession; from: Checkpoint; ending: ShardEnding }>(({ input }) =>
      input.session.end(input.from, input.ending),
    ),
    closeShard: fromPromise<void, ShardReaderInput & { session: ShardSession | undefined; options: ReleaseOptions }>(async ({ input }) => {
      input.session?.[Symbol.dispose]();
      await input.session?.flush();
      return input.source.release(input.lease, input.options);
    }),
  },
  delays: {
    pauseInterval: 250,
    backoff: ({ context }) => retryMs(retriesOf(context), context.attempt, isForOperators(context.error), context.source.random()),
  },
  guards: {
    hasNoPage: (_, { page }: TipNews) => page === undefined,
    hasSlice: ({ context }) => context.slice !== undefined && context.slice.records.length > 0,
    isUntaken: ({ context }) => context.page!.rawCount > 0 && context.slice === undefined,
    hasMore: ({ context }) => context.page !== undefined,
    isBehind: ({ context }) => context.page!.millisBehindLatest > 0,
    isShardEnd: ({ context }) => context.iterator === null && (context.slice?.isLast ?? true),
    isStopping: ({ context }) => context.isStopping,
    isStored: (_, { outcome }: CheckpointAnswer) => outcome === 'stored',
    isLeaseLost: ({ context }) => hasCode(context.error, 'LEASE_LOST'),
    hasToWait: ({ context }) => hasCode(context.error, 'QUEUE_FULL') || hasCode(context.error, 'PARENTS_IN_LANES'),
    isShardExpired: ({ context }) => hasCode(context.error, 'SHARD_EXPIRED'),
    isFirstExpiry: ({ context }) => context.attempt === 0 && hasCode(context.error, 'ITERATOR_EXPIRED'),
    canAskAgain: ({ context }) => canAskAgain(context),
    canStartAgain: ({ context }) => canStartAgain(context),
    hasIterator: ({ context }) => typeof context.iterator === 'string',
  },
  actions: {
    reportStarted: ({ context: { source, shardId } }) => source.report(shardId, { type: 'reader.started' }),
    reportFailed: ({ context: { source, shardId, error, attempt } }) => source.report(shardId, { type: 'read.failed', error, attempt }),
    reportPage: ({ context: { source, shardId, isResuming, checkpoint } }, page: RecordPage) => {
      if (isResuming && beginsBeyond(page, checkpoint!)) source.report(shardId, { type: 'records.expired', checkpoint: checkpoint! });
      source.report(shardId, pageReport(page));
    },
    reportSlice: ({ context: { source, shardId } }, { records }: RecordSlice) =>
      source.report(shardId, { type: 'records.read', records: records.length }),
    reportPaused: ({ context: { source, shardId } }) => source.report(shardId, { type: 'reader.paused' }),
    reportEnqueued: ({ context: { source, shardId, slice } }) =>
      source.report(shardId, { type: 'page.enqueued', records: slice!.records.length }),
    reportRewound: ({ context: { source, shardId, checkpoint } }) =>
      source.report(shardId, { type: 'checkpoint.rewound', checkpoint: checkpoint! }),
    reportEnd: ({ context: { source, shardId, page, checkpoint } }) => {
      if (!page) source.report(shardId, { type: 'records.expired', checkpoint: checkpoint! });
    },
    reportEnded: ({ context }) => context.source.report(context.shardId, { type: 'reader.ended', ...outputOf(context) }),
    reportCheckpoint: ({ context: { source, shardId, checkpoint } }) =>
      source.report(shardId, { type: 'checkpoint.moved', checkpoint: checkpoint! }),
    keepSession: assign((_, session: ShardSession) => ({ session, checkpoint: session.checkpoint })),
    keepIterator: assign(({ context }, iterator: string) => ({ iterator, isResuming: context.checkpoint!.kind === 'AFTER' })),
    forgetIterator: assign({ iterator: undefined, page: undefined, slice: undefined }),
    keepPage: assign(({ context }, page: RecordPage) => ({
      ...{ page, slice: undefined, iterator: page.nextIterator },
      isResuming: context.isResuming && page.rawCount === 0,
    })),
    keepSlice: assign((_, slice: RecordSlice) => ({ slice })),
    dropEmptyPage: assign({ page: undefined, slice: undefined, attempt: 0 }),
    advanceCheckpoint: assign(({ context: { slice, page, checkpoint } }) => ({
      checkpoint: checkpointAfter(slice!, checkpoint!),
      page: slice!.isLast ? undefined : page,
      slice: undefined,
      attempt: 0,
    })),
    goBackTo: assign(({ context }, answer: CheckpointAnswer) => ({
      checkpoint: answer.outcome === 'moved' ? answer.stored : context.checkpoint,
      ...{ iterator: undefined, page: undefined, slice: undefined },
    })),
    endCheckpoint: assign({ checkpoint: { kind: 'SHARD_END' } as const, page: undefined, slice: undefined }),
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    keepFailure: assign((_, { iterator, error }: TipNews) => ({ iterator, error })),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
    noteShutdown: assign((_, { successor }: { successor?: string }) => ({ isStopping: true, successor })),
    endBecause: assign((_, reason: ShardReaderOutput['reason']) => ({ reason })),
  },
}).createMachine({
  id: 'shardReader',
  context: ({ input }) => ({
    ...input,
    ...{ session: undefined, checkpoint: undefined, iterator: undefined, page: undefined, slice: undefined },
    ...{ isResuming: false, attempt: 0, error: undefined, isStopping: false },
    ...{ reason: 'shutdown', successor: undefined },
  }),
  initial: 'opening',
  entry: 'reportStarted',
  on: {
    'lease.lost': { target: '.closing', actions: { type: 'endBecause', params: 'leaseLost' } },
    'shutdown.requested': { target: '.closing', actions: { type: 'noteShutdown', params: ({ event }) => event } },
  },
  states: {
    opening: {
      invoke: {
        src: 'openShard',
        input: ({ context }) => context,
        onDone: { target: 'resolving', actions: { type: 'keepSession', params: ({ event }) => event.output } },
        onError: { target: 'closing', actions: [keepError, { type: 'endBecause', params: 'failed' }] },
      },
    },
    resolving: {
      invoke: {
        src: 'getShardIterator',
        input: ({ context: { session, checkpoint } }) => ({ session: session!, checkpoint: checkpoint! }),
        onDone: { target: 'polling', actions: { type: 'keepIterator', params: ({ event }) => event.output } },
        onError: { target: 'recovering', actions: keepError },
      },
    },
    polling: {
      invoke: {
        src: 'getRecords',
        input: ({ context: { session, iterator } }) => ({ session: session!, iterator: iterator! }),
        onDone: {
          target: 'sorting',
          actions: [
            { type: 'reportPage', params: ({ event }) => event.output },
            { type: 'keepPage', params: ({ event }) => event.output },
          ],
        },
        onError: { target: 'recovering', actions: keepError },
      },
    },
    sorting: {
      always: [
        { guard: 'hasSlice', target: 'enqueuing' },
        { guard: 'isUntaken', target: 'taking' },
        { guard: 'isShardEnd', target: 'ending' },
        { guard: 'isBehind', target: 'polling', actions: 'dropEmptyPage' },
        { target: 'idle', actions: 'dropEmptyPage' },
      ],
    },
    taking: {
      invoke: {
        src: 'takeSlice',
        input: ({ context: { session, page, checkpoint } }) => ({ session: session!, page: page!, checkpoint: checkpoint! }),
        onDone: {
          target: 'sorting',
          actions: [
            { type: 'keepSlice', params: ({ event }) => event.output },
            { type: 'reportSlice', params: ({ event }) => event.output },
          ],
        },
        onError: { target: 'recovering', actions: keepError },
      },
    },
    enqueuing: {
      on: { 'shutdown.requested': { actions: { type: 'noteShutdown', params: ({ event }) => event } } },
      invoke: {
        src: 'enqueueSlice',
        input: ({ context: { session, slice } }) => ({ session: session!, slice: slice! }),
        onDone: [
          { guard: 'isShardEnd', target: 'ending', actions: 'reportEnqueued' },
          { target: 'checkpointing', actions: 'reportEnqueued' },
        ],
        onError: { target: 'recovering', actions: keepError },
      },
    },
    checkpointing: {
      on: { 'shutdown.requested': { actions: { type: 'noteShutdown', params: ({ event }) => event } } },
      invoke: {
        src: 'moveCheckpoint',
        input: ({ context: { session, slice, checkpoint } }) => ({
          ...{ session: session!, from: checkpoint!, to: checkpointAfter(slice!, checkpoint!) },
        }),
        onDone: [
          {
            guard: { type: 'isStored', params: ({ event }) => event.output },
            target: 'advancing',
            actions: ['advanceCheckpoint', 'reportCheckpoint'],
          },
          { target: 'rewinding', actions: [{ type: 'goBackTo', params: ({ event }) => event.output }, 'reportRewound'] },
        ],
        onError: { target: 'recovering', actions: keepError },
      },
    },
    ending: {
      on: { 'shutdown.requested': { actions: { type: 'noteShutdown', params: ({ event }) => event } } },
      invoke: {
        src: 'endShard',
        input: ({ context: { session, checkpoint, page } }) => ({
          ...{ session: session!, from: checkpoint! },
          ending: page ? { reason: 'read', childShards: page.childShards } : { reason: 'expired', childShards: [] },
        }),
        onDone: [
          {
            guard: { type: 'isStored', params: ({ event }) => event.output },
            target: 'closing',
            actions: ['reportEnd', 'endCheckpoint', 'reportCheckpoint', { type: 'endBecause', params: 'shardEnd' }],
          },
          { target: 'rewinding', actions: [{ type: 'goBackTo', params: ({ event }) => event.output }, 'reportRewound'] },
        ],
        onError: { target: 'recovering', actions: keepError },
      },
    },
    advancing: { always: [{ guard: 'isStopping', target: 'closing' }, { guard: 'hasMore', target: 'taking' }, { target: 'polling' }] },
    rewinding: { always: [{ guard: 'isStopping', target: 'closing' }, { target: 'resolving' }] },
    idle: {
      invoke: {
        src: 'watchTip',
        input: ({ context }) => ({ ...context, session: context.session!, iterator: context.iterator! }),
        onDone: [
          { guard: { type: 'hasNoPage', params: ({ event }) => event.output }, target: 'recovering', actions: keepFailure },
          {
            target: 'sorting',
            actions: [
              { type: 'reportPage', params: ({ event }) => event.output.page! },
              { type: 'keepPage', params: ({ event }) => event.output.page! },
            ],
          },
        ],
        onError: { target: 'recovering', actions: keepError },
      },
    },
    paused: { after: { pauseInterval: [{ guard: 'hasSlice', target: 'enqueuing' }, { target: 'ending' }] } },
    recovering: {
      always: [
        { guard: 'isStopping', target: 'closing' },
        { guard: 'isLeaseLost', target: 'closing', actions: { type: 'endBecause', params: 'leaseLost' } },
        { guard: 'hasToWait', target: 'paused', actions: 'reportPaused' },
        { guard: 'isShardExpired', target: 'ending', actions: 'forgetIterator' },
        { guard: 'isFirstExpiry', target: 'resolving', actions: ['countAttempt', 'forgetIterator', 'reportFailed'] },
        { guard: 'canAskAgain', target: 'backingOff', actions: ['countAttempt', 'reportFailed'] },
        { guard: 'canStartAgain', target: 'backingOff', actions: ['countAttempt', 'forgetIterator', 'reportFailed'] },
        { target: 'closing', actions: { type: 'endBecause', params: 'failed' } },
      ],
    },
    backingOff: { after: { backoff: [{ guard: 'hasIterator', target: 'polling' }, { target: 'resolving' }] } },
    closing: {
      on: { 'lease.lost': {}, 'shutdown.requested': {} },
      invoke: {
        src: 'closeShard',
        input: ({ context }) => ({ ...context, options: releaseOptions(context) }),
        onDone: 'ended',
        onError: 'ended',
      },
    },
    ended: { type: 'final', entry: 'reportEnded' },
  },
  output: ({ context }) => outputOf(context),
});
