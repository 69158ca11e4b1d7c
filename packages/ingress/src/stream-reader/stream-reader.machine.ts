/**
 * Keeps one stream read: knows its shards, and runs one shard reader for each lease that this worker holds.
 *
 *     reconciling ──▶ watching ──▶ reconciling …   (at each interval, and when a shard was read to its end)
 *        │   ▲           │
 *        ▼   │           ▼  (shutdown or a fatal error, from anywhere)
 *       waiting       draining ──▶ stopped | failed
 *
 * Nothing is leased before the stream's identity is known and its rows exist. From then on a Kinesis that cannot be asked for its shards
 * does not disturb the readers, who meet it themselves; what only an operator can fix ends a stream reader only while it starts. The
 * identity is checked with every list: a stream that was deleted and created again is another one, and reading it is fatal. However it
 * ends, its readers end first, each giving its lease back.
 *
 * Its effects are calls of the source that it is given.
 */
import { isRetryable, SluiceError } from '@sluice/core';
import { isBlocked, type StreamDescription } from '@sluice/kinesis';
import type { Lease } from '@sluice/lease';
import {
  type ActorRef,
  type ActorRefFrom,
  assign,
  type DoneActorEvent,
  type ErrorActorEvent,
  enqueueActions,
  fromPromise,
  type Snapshot,
  setup,
} from 'xstate';
import { areRetriesSpent, COOLDOWN_MS, retryMs } from '../shard-reader/pauses.ts';
import { shardReaderMachine } from '../shard-reader/shard-reader.machine.ts';
import type { ShardReaderOutput } from '../shard-reader/shard-session.ts';
import type { Reconciliation, StreamSource } from './stream-source.ts';

export interface StreamReaderInput {
  readonly source: StreamSource;
  /** Hears once that the stream is known. */
  readonly ingress: ActorRef<Snapshot<unknown>, StreamOpened>;
}

export interface StreamOpened {
  readonly type: 'stream.opened';
  readonly stream: string;
}

export interface StreamReaderOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` when it was asked to stop. */
  readonly error: unknown;
}

type ReaderId = `shard:${string}`;

export type StreamReaderEvent =
  | { readonly type: 'lease.claimed'; readonly shardId: string; readonly lease: Lease }
  | { readonly type: 'lease.recalled'; readonly shardId: string; readonly lease: Lease; readonly successor: string }
  | { readonly type: 'lease.lost'; readonly shardId: string; readonly lease: Lease }
  | { readonly type: 'shutdown.requested' }
  | DoneActorEvent<ShardReaderOutput, ReaderId>
  | ErrorActorEvent<unknown, ReaderId>;

interface Reader {
  readonly ref: ActorRefFrom<typeof shardReaderMachine>;
  readonly shardId: string;
  readonly lease: Lease;
}

export interface StreamReaderContext extends StreamReaderInput {
  readonly identity: StreamDescription | undefined;
  /** By lease: a shard that is lost and claimed again has for a moment two readers, of which the older is fenced off. */
  readonly readers: Readonly<Record<ReaderId, Reader>>;
  /** Failures in a row to reach Kinesis or Redis. */
  readonly attempt: number;
  /** The last failure of a list. */
  readonly error: unknown;
  /** What ends this stream reader; the first of several. */
  readonly fatal: unknown;
}

const readerIdOf = ({ shardId, lease }: { readonly shardId: string; readonly lease: Lease }): ReaderId =>
  `shard:${shardId}#${lease.token.number}`;

/** Retries that are spent leave the stream alone until its next regular look. */
const listPauseMs = ({ retries: { listShards }, random, discoveryIntervalMs }: StreamSource, attempt: number): number =>
  areRetriesSpent(listShards, attempt - 1) ? discoveryIntervalMs : retryMs(listShards, attempt, false, random());

const isFatal = (error: unknown): boolean => !isRetryable(error) && !(error instanceof SluiceError && error.disposition === 'reject');

export const streamReaderMachine = setup({
  types: {
    input: {} as StreamReaderInput,
    context: {} as StreamReaderContext,
    events: {} as StreamReaderEvent,
    output: {} as StreamReaderOutput,
    tags: {} as 'open',
    children: {} as { readonly [id: ReaderId]: 'shardReader' },
  },
  actors: {
    reconcileShards: fromPromise<Reconciliation, { source: StreamSource }>(({ input, signal }) => input.source.reconcile(signal)),
    releaseLease: fromPromise<void, { source: StreamSource; lease: Lease }>(({ input: { source, lease } }) =>
      source.release(lease, { cooldownMs: COOLDOWN_MS }),
    ),
    shardReader: shardReaderMachine,
  },
  delays: {
    discoveryInterval: ({ context: { attempt, source } }) => (attempt > 0 ? listPauseMs(source, attempt) : source.discoveryIntervalMs),
    backoff: ({ context: { attempt, source } }) => listPauseMs(source, attempt),
  },
  guards: {
    isFatal: ({ context: { identity, error } }) => isFatal(error) || (identity === undefined && isBlocked(error)),
    isOpen: ({ context }) => context.identity !== undefined,
    isReader: ({ context }, { actorId }: { actorId: ReaderId }) => actorId in context.readers,
    isShardEnd: ({ context }, { actorId, output }: { actorId: ReaderId; output: ShardReaderOutput }) =>
      actorId in context.readers && output.reason === 'shardEnd',
    // An error that is not ours is a bug: it costs one shard a pause. A known fatal error stops the worker.
    isFatalEnd: ({ context }, { actorId, output }: { actorId: ReaderId; output: ShardReaderOutput }) =>
      actorId in context.readers && output.reason === 'failed' && output.error instanceof SluiceError,
    hasFailed: ({ context: { readers, fatal } }) => Object.keys(readers).length === 0 && fatal !== undefined,
    hasStopped: ({ context: { readers, fatal } }) => Object.keys(readers).length === 0 && fatal === undefined,
  },
  actions: {
    noteOpened: enqueueActions(({ context: { ingress, source, identity: known }, enqueue }, { identity }: Reconciliation) => {
      enqueue.assign({ identity, attempt: 0 });
      if (known) return;
      enqueue(() => source.reportStream({ type: 'stream.opened', description: identity }));
      enqueue.sendTo(ingress, { type: 'stream.opened', stream: source.stream });
    }),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ error, attempt: context.attempt + 1 })),
    keepFatal: assign(({ context }, { error }: { error: unknown }) => ({ fatal: context.fatal ?? error })),
    startReader: assign(({ context, spawn }, { shardId, lease }: { shardId: string; lease: Lease }) => {
      const { source, identity } = context;
      const id = readerIdOf({ shardId, lease });
      const ref = spawn('shardReader', { id, input: { source, shardId, lease, identity: identity! } });
      return { readers: { ...context.readers, [id]: { ref, shardId, lease } } };
    }),
    dropReader: enqueueActions(({ context, enqueue }, { actorId }: { actorId: ReaderId }) => {
      const { [actorId]: reader, ...readers } = context.readers;
      if (reader) enqueue.stopChild(reader.ref);
      enqueue.assign({ readers });
    }),
    // A reader that broke could not give its lease back.
    reportCrash: enqueueActions(({ context: { readers, source }, enqueue }, { actorId, error }: { actorId: ReaderId; error: unknown }) => {
      const { shardId, lease } = readers[actorId]!;
      enqueue(() => source.report(shardId, { type: 'reader.ended', reason: 'failed', checkpoint: undefined, error }));
      enqueue.spawnChild('releaseLease', { input: { source, lease } });
    }),
    loseLease: enqueueActions(({ context, enqueue }, lost: { shardId: string; lease: Lease }) => {
      const reader = context.readers[readerIdOf(lost)];
      if (reader) enqueue.sendTo(reader.ref, { type: 'lease.lost' });
    }),
    recallLease: enqueueActions(({ context, enqueue }, recalled: { shardId: string; lease: Lease; successor: string }) => {
      const reader = context.readers[readerIdOf(recalled)];
      if (reader) enqueue.sendTo(reader.ref, { type: 'shutdown.requested', successor: recalled.successor });
    }),
    stopReaders: enqueueActions(({ context, enqueue }) => {
      for (const { ref } of Object.values(context.readers)) enqueue.sendTo(ref, { type: 'shutdown.requested' });
    }),
    reportFailed: ({ context: { source, error, attempt } }) => source.reportStream({ type: 'stream.failed', error, attempt }),
    reportReconciled: ({ context }, reconciliation: Reconciliation) =>
      context.source.reportStream({ type: 'shards.reconciled', reconciliation }),
  },
}).createMachine({
  id: 'streamReader',
  context: ({ input }) => ({ ...input, identity: undefined, readers: {}, attempt: 0, error: undefined, fatal: undefined }),
  initial: 'reconciling',
  on: {
    'lease.claimed': { actions: { type: 'startReader', params: ({ event }) => event } },
    'lease.recalled': { actions: { type: 'recallLease', params: ({ event }) => event } },
    'lease.lost': { actions: { type: 'loseLease', params: ({ event }) => event } },
    'xstate.done.actor.*': [
      {
        guard: { type: 'isFatalEnd', params: ({ event }) => event },
        target: '.draining',
        actions: [
          { type: 'keepFatal', params: ({ event }) => event.output },
          { type: 'dropReader', params: ({ event }) => event },
        ],
      },
      { guard: { type: 'isReader', params: ({ event }) => event }, actions: { type: 'dropReader', params: ({ event }) => event } },
    ],
    'xstate.error.actor.*': {
      guard: { type: 'isReader', params: ({ event }) => event },
      actions: [
        { type: 'reportCrash', params: ({ event }) => event },
        { type: 'dropReader', params: ({ event }) => event },
      ],
    },
    'shutdown.requested': '.draining',
  },
  states: {
    reconciling: {
      invoke: {
        src: 'reconcileShards',
        input: ({ context: { source } }) => ({ source }),
        onDone: {
          target: 'watching',
          actions: [
            { type: 'noteOpened', params: ({ event }) => event.output },
            { type: 'reportReconciled', params: ({ event }) => event.output },
          ],
        },
        onError: { target: 'judging', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    judging: {
      always: [
        { guard: 'isFatal', target: 'draining', actions: { type: 'keepFatal', params: ({ context }) => context } },
        { guard: 'isOpen', target: 'watching', actions: 'reportFailed' },
        { target: 'waiting', actions: 'reportFailed' },
      ],
    },
    waiting: { after: { backoff: 'reconciling' } },
    watching: {
      tags: 'open',
      on: {
        'xstate.done.actor.*': {
          guard: { type: 'isShardEnd', params: ({ event }) => event },
          target: 'reconciling',
          actions: { type: 'dropReader', params: ({ event }) => event },
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
        'xstate.done.actor.*': {
          guard: { type: 'isReader', params: ({ event }) => event },
          actions: { type: 'dropReader', params: ({ event }) => event },
        },
      },
      always: [
        { guard: 'hasFailed', target: 'failed' },
        { guard: 'hasStopped', target: 'stopped' },
      ],
    },
    stopped: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context: { fatal } }) => ({ reason: fatal === undefined ? 'stopped' : 'failed', error: fatal }),
});
