/**
 * Watches over the writer of an egress: whether what it sends is answered.
 *
 *     writing ──requests.failing──▶ retrying ──after patience──▶ failing
 *       ▲───────── requests.answered ──┴──────────────────────────┘
 *
 * Requests are sent by the plain loop of the {@link LaneWriter}, in all states alike; it reports only when answers stop or come again.
 */
import { assign, fromCallback, sendParent, setup } from 'xstate';
import type { LaneWriter } from '../egress/lane-writer.ts';
import type { WriterHealth } from './record-writer.ts';

export interface WriterInput {
  readonly writer: Pick<LaneWriter, 'run'>;
}

/** What the writer says to the egress. */
export type WriterNotice =
  /** No request was answered for long. */
  | { readonly type: 'writer.failing'; readonly error: unknown }
  | { readonly type: 'writer.recovered' }
  /** A bug: the egress must end. */
  | { readonly type: 'writer.failed'; readonly error: unknown };

/** How long all requests may fail before the egress counts as cut off from Kinesis. */
const PATIENCE_MS = 30_000;

export const writerMachine = setup({
  types: {
    input: {} as WriterInput,
    context: {} as WriterInput & { readonly error: unknown },
    events: {} as WriterHealth,
    children: {} as { requests: 'sendRequests' },
  },
  actors: {
    /** Sends requests until it is stopped; then those still open end. */
    sendRequests: fromCallback<WriterHealth, WriterInput>(({ input, sendBack }) => input.writer.run(sendBack)),
  },
  delays: { patience: PATIENCE_MS },
  actions: {
    keepError: assign((_, { error }: { error: unknown }) => ({ error })),
    forgetError: assign({ error: undefined }),
    reportFailing: sendParent(({ context }) => ({ type: 'writer.failing', error: context.error }) satisfies WriterNotice),
    reportRecovered: sendParent({ type: 'writer.recovered' } satisfies WriterNotice),
    reportFailure: sendParent((_, { error }: { error: unknown }) => ({ type: 'writer.failed', error }) satisfies WriterNotice),
  },
}).createMachine({
  id: 'writer',
  context: ({ input }) => ({ ...input, error: undefined }),
  invoke: {
    src: 'sendRequests',
    id: 'requests',
    input: ({ context }) => context,
    onError: { actions: { type: 'reportFailure', params: ({ event }) => event } },
  },
  on: {
    'requests.broken': { actions: { type: 'reportFailure', params: ({ event }) => event } },
  },
  initial: 'writing',
  states: {
    writing: {
      entry: 'forgetError',
      on: { 'requests.failing': { target: 'retrying', actions: { type: 'keepError', params: ({ event }) => event } } },
    },
    retrying: {
      on: { 'requests.answered': 'writing' },
      after: { patience: 'failing' },
    },
    failing: {
      entry: 'reportFailing',
      exit: 'reportRecovered',
      on: { 'requests.answered': 'writing' },
    },
  },
});
