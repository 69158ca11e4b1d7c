/**
 * Reads the streams of one ingress. Its workers, this one among them, share the shards of all its streams out.
 *
 *     opening ──▶ connecting ──▶ reading ◀──▶ failing
 *      ▲  ▼            └────────────┴────────────┘
 *     waiting                       ▼  (shutdown or a fatal error, from anywhere)
 *                               draining ──▶ closing ──▶ stopped | failed
 *
 * It is ready while it reads: every stream is known, and some shard could be read lately. While none can be, it offers its shards to the
 * other workers, because the cause may be its own. Its stream readers end before it, their shard
 * readers before them, each giving its lease back; what is still leased then is released.
 */
import { notProvided } from '@sluice/actor-kit';
import { isRetryable } from '@sluice/core';
import type { Lease } from '@sluice/lease';
import {
  type ActorRefFrom,
  assign,
  type DoneActorEvent,
  type ErrorActorEvent,
  type EventObject,
  enqueueActions,
  fromCallback,
  fromPromise,
  setup,
} from 'xstate';
import { backoffMs } from '../shard-reader/pauses.ts';
import { type StreamOpened, type StreamReaderOutput, streamReaderMachine } from '../stream-reader/stream-reader.machine.ts';
import type { StreamSource } from '../stream-reader/stream-source.ts';

/** Everything with an effect that an ingress needs. Disposing of it releases what is leased and never rejects. */
export interface IngressSource extends AsyncDisposable {
  readonly streams: readonly StreamSource[];
  /** Begins to claim this worker's share of the shards. */
  startLeasing(receive: (event: ShardLeaseEvent) => void): void;
  /** Claims nothing more, but renews what is held. Never rejects. */
  retire(): Promise<void>;
  /** Says when no shard could be read for a while, and when one could again. Answers the way to stop that. */
  watchReads(report: (isFailing: boolean) => void): () => void;
  /** Offers every lease to the other workers, and takes none as long as there are others. Answers the way to stop that. */
  standAside(): () => void;
}

export interface OfShard {
  readonly stream: string;
  readonly shardId: string;
  readonly lease: Lease;
}

export type ShardLeaseEvent =
  | (OfShard & { readonly type: 'lease.claimed' | 'lease.lost' })
  | (OfShard & { readonly type: 'lease.recalled'; readonly successor: string })
  | { readonly type: 'keeper.failed'; readonly error: unknown };

type ReadsEvent = { readonly type: 'reads.failing' | 'reads.recovered' };

type StreamId = `stream:${string}`;

export type IngressEvent =
  | { readonly type: 'shutdown.requested' }
  | ShardLeaseEvent
  | ReadsEvent
  | StreamOpened
  | DoneActorEvent<StreamReaderOutput, StreamId>
  | ErrorActorEvent<unknown, StreamId>;

export interface IngressOutput {
  readonly reason: 'stopped' | 'failed';
  /** Why it failed; `undefined` when it was asked to stop. Only what no retry can fix. */
  readonly error: unknown;
}

export interface IngressContext {
  readonly source: IngressSource | undefined;
  readonly streams: Readonly<Record<StreamId, ActorRefFrom<typeof streamReaderMachine>>>;
  /** How many streams are known, their shards with rows. */
  readonly opened: number;
  readonly attempt: number;
  readonly error: unknown;
  readonly isFailed: boolean;
}

const idOf = (stream: string): StreamId => `stream:${stream}`;

export const ingressMachine = setup({
  types: {
    context: {} as IngressContext,
    events: {} as IngressEvent,
    output: {} as IngressOutput,
    tags: {} as 'ready',
    children: {} as { readonly [id: StreamId]: 'streamReader' },
  },
  actors: {
    openIngress: fromPromise<IngressSource>(notProvided('openIngress')),
    leaseKeeper: fromCallback<EventObject, { source: IngressSource }>(({ input, sendBack }) => input.source.startLeasing(sendBack)),
    readWatch: fromCallback<EventObject, { source: IngressSource }>(({ input, sendBack }) =>
      input.source.watchReads((isFailing) => sendBack({ type: isFailing ? 'reads.failing' : 'reads.recovered' })),
    ),
    standAside: fromCallback<EventObject, { source: IngressSource }>(({ input }) => input.source.standAside()),
    retire: fromPromise<void, { source: IngressSource }>(({ input }) => input.source.retire()),
    closeIngress: fromPromise<void, { source: IngressSource }>(async ({ input }) => input.source[Symbol.asyncDispose]()),
    streamReader: streamReaderMachine,
  },
  delays: {
    /** Spread by `createIngresses`. */
    backoff: ({ context }) => backoffMs(context.attempt, false, 0.5),
  },
  guards: {
    canRetry: ({ context }) => isRetryable(context.error),
    isConnected: ({ context: { streams, opened } }) => opened === Object.keys(streams).length,
    isDrained: ({ context }) => Object.keys(context.streams).length === 0,
    isFailed: ({ context }) => context.isFailed,
    isStream: ({ context }, { actorId }: { actorId: StreamId }) => actorId in context.streams,
    isFailedStream: ({ context }, { actorId, output }: { actorId: StreamId; output: StreamReaderOutput }) =>
      actorId in context.streams && output.reason === 'failed',
  },
  actions: {
    keepSource: assign((_, source: IngressSource) => ({ source, attempt: 0 })),
    keepError: assign(({ context }, { error }: { error: unknown }) => ({ error, attempt: context.attempt + 1 })),
    keepFatal: assign(({ context: { isFailed, error: first } }, { error }: { error: unknown }) => ({
      ...{ isFailed: true, error: isFailed ? first : error },
    })),
    startStreams: assign(({ context: { source }, spawn, self }) => ({
      streams: Object.fromEntries(
        source!.streams.map((stream) => {
          const id = idOf(stream.stream);
          return [id, spawn('streamReader', { id, input: { source: stream, ingress: self } })];
        }),
      ),
    })),
    countOpened: assign({ opened: ({ context }) => context.opened + 1 }),
    forward: enqueueActions(({ context, enqueue }, event: Exclude<ShardLeaseEvent, { type: 'keeper.failed' }>) => {
      const stream = context.streams[idOf(event.stream)];
      if (stream) enqueue.sendTo(stream, event);
    }),
    stopStreams: enqueueActions(({ context, enqueue }) => {
      for (const stream of Object.values(context.streams)) enqueue.sendTo(stream, { type: 'shutdown.requested' });
    }),
    dropStream: enqueueActions(({ context, enqueue }, { actorId }: { actorId: StreamId }) => {
      const { [actorId]: stream, ...streams } = context.streams;
      if (stream) enqueue.stopChild(stream);
      enqueue.assign({ streams });
    }),
  },
}).createMachine({
  id: 'ingress',
  context: { source: undefined, streams: {}, opened: 0, attempt: 0, error: undefined, isFailed: false },
  initial: 'opening',
  states: {
    opening: {
      on: { 'shutdown.requested': 'stopped' },
      invoke: {
        src: 'openIngress',
        onDone: { target: 'open', actions: { type: 'keepSource', params: ({ event }) => event.output } },
        onError: { target: 'judging', actions: { type: 'keepError', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    judging: {
      always: [
        { guard: 'canRetry', target: 'waiting' },
        { target: 'failed', actions: { type: 'keepFatal', params: ({ context }) => context } },
      ],
    },
    waiting: { on: { 'shutdown.requested': 'stopped' }, after: { backoff: 'opening' } },
    open: {
      entry: 'startStreams',
      invoke: [
        { src: 'leaseKeeper', id: 'leaseKeeper', input: ({ context }) => ({ source: context.source! }) },
        { src: 'readWatch', id: 'readWatch', input: ({ context }) => ({ source: context.source! }) },
      ],
      on: {
        'lease.claimed': { actions: { type: 'forward', params: ({ event }) => event } },
        'lease.recalled': { actions: { type: 'forward', params: ({ event }) => event } },
        'lease.lost': { actions: { type: 'forward', params: ({ event }) => event } },
        'stream.opened': { actions: 'countOpened' },
        'keeper.failed': { target: '.draining', actions: { type: 'keepFatal', params: ({ event }) => event } },
        'xstate.done.actor.*': {
          guard: { type: 'isFailedStream', params: ({ event }) => event },
          target: '.draining',
          actions: [
            { type: 'keepFatal', params: ({ event }) => event.output },
            { type: 'dropStream', params: ({ event }) => event },
          ],
        },
        'xstate.error.actor.*': {
          guard: { type: 'isStream', params: ({ event }) => event },
          target: '.draining',
          actions: [
            { type: 'keepFatal', params: ({ event }) => event },
            { type: 'dropStream', params: ({ event }) => event },
          ],
        },
        'shutdown.requested': '.draining',
      },
      initial: 'connecting',
      states: {
        connecting: { always: { guard: 'isConnected', target: 'reading' } },
        reading: { tags: 'ready', on: { 'reads.failing': 'failing' } },
        failing: {
          invoke: { src: 'standAside', input: ({ context }) => ({ source: context.source! }) },
          on: { 'reads.recovered': 'reading' },
        },
        draining: {
          entry: 'stopStreams',
          invoke: { src: 'retire', input: ({ context }) => ({ source: context.source! }) },
          on: {
            'shutdown.requested': {},
            'keeper.failed': {},
            'xstate.done.actor.*': {
              guard: { type: 'isStream', params: ({ event }) => event },
              actions: { type: 'dropStream', params: ({ event }) => event },
            },
            'xstate.error.actor.*': {
              guard: { type: 'isStream', params: ({ event }) => event },
              actions: { type: 'dropStream', params: ({ event }) => event },
            },
          },
          always: { guard: 'isDrained', target: '#ingress.closing' },
        },
      },
    },
    closing: {
      invoke: {
        src: 'closeIngress',
        input: ({ context }) => ({ source: context.source! }),
        onDone: [{ guard: 'isFailed', target: 'failed' }, { target: 'stopped' }],
        onError: 'failed',
      },
    },
    stopped: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context: { isFailed, error } }) => ({ reason: isFailed ? 'failed' : 'stopped', error: isFailed ? error : undefined }),
});
