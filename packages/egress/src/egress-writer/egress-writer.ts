import { fromPromise } from 'xstate';
import { egressWriterMachine, type ResolvedStream } from './egress-writer.machine.ts';

/** What the machine moves. */
export interface EgressWriterPorts {
  /** Finds the stream, and sees to whatever else must be in order before lanes are leased. */
  readonly resolveStream: (signal: AbortSignal) => Promise<ResolvedStream>;
  /** Leases lanes and writes their records; returns at once. */
  readonly start: (stream: ResolvedStream) => void;
  /** Flushes, waits for what is in flight, and gives every lane back. */
  readonly drain: () => Promise<void>;
}

/** The egress writer with its effects in place. */
export const createEgressWriter = ({ resolveStream, start, drain }: EgressWriterPorts) =>
  egressWriterMachine.provide({
    actors: {
      resolveStream: fromPromise<ResolvedStream>(({ signal }) => resolveStream(signal)),
      writeRecords: fromPromise<never, { stream: ResolvedStream }>(async ({ input }) => {
        start(input.stream);
        return new Promise<never>(() => undefined);
      }),
      drain: fromPromise<void>(() => drain()),
    },
  });
