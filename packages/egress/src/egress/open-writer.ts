/** Builds what writes the records of an egress: one writer where its stream is fixed, one for each stream where records name theirs. */
import type { Clock, Logger } from '@sluice/core';
import { type KinesisSink, StreamNotFoundError } from '@sluice/kinesis';
import type { Tracing, WriterEvent } from '@sluice/telemetry';
import type { CompiledEgress } from '../compile/compiled-egress.ts';
import { RecordLimit, turnsOf } from '../egress-writer/record-limit.ts';
import type { LargeRecordStore } from '../egress-writer/record-offload.ts';
import { RecordWriter } from '../egress-writer/record-writer.ts';
import { RequestSlots } from '../egress-writer/request-slots.ts';
import { findShards, type ResolvedStream, resolveStream } from '../egress-writer/resolve-stream.ts';
import { StreamWriter } from '../egress-writer/stream-writer.ts';
import { StreamWriters } from '../egress-writer/stream-writers.ts';
import { NamedStreamNotFoundError } from '../errors.ts';
import type { BudgetLedger } from '../shard-budget/budget-ledger.ts';
import { LiveShards } from '../shard-budget/live-shards.ts';
import { StreamBudget } from '../shard-budget/stream-budget.ts';

export interface WriterPorts {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Where data go that are too large for the stream. */
  readonly largeRecords?: LargeRecordStore | undefined;
  readonly tracing?: Tracing | undefined;
  readonly emit: (event: WriterEvent) => void;
  /** The budgets of a stream's shards; `undefined`: nothing is paced. */
  readonly budgets?: StreamBudgets | undefined;
}

/** Where the budgets of streams are. */
export interface StreamBudgets {
  /** Whether the endpoint is known to enforce the service's quotas. */
  readonly isEnforced: boolean;
  /** What a writer sends to a shard at most, in per cent of the shard's quota. */
  readonly rateLimit?: number | undefined;
  open(stream: string): BudgetLedger;
}

/** What the writer needs to know of an egress. */
type WrittenEgress = Omit<CompiledEgress, 'budget'>;

/** What becomes of requests, beside what the writer itself makes of it. */
interface RequestNotes {
  readonly onAnswered?: () => void;
  readonly onNotFound?: () => void;
}

/**
 * Finds the stream that the configuration names, if it names one, and answers the writer. Other streams are looked for when a record names
 * them. Rejects as {@link resolveStream} does.
 */
export async function openWriter(
  egress: WrittenEgress,
  sink: KinesisSink,
  ports: WriterPorts,
  signal: AbortSignal,
): Promise<RecordWriter | StreamWriters> {
  const slots = new RequestSlots(egress.maxInFlight);
  const takeTurn = turnsOf(ports.clock);
  const find = async (stream: string, until: AbortSignal) => {
    const found = await resolveStream(sink, stream, { ordering: egress.ordering, logger: ports.logger, signal: until });
    ports.emit({ type: 'egress.opened', stream: found.stream, lanes: egress.lanes, ordering: egress.ordering });
    return found;
  };
  const write = (stream: ResolvedStream, notes: RequestNotes = {}) => {
    const shards = liveShardsOf(stream, sink, ports);
    return new RecordWriter(writerSettings(egress, stream), {
      ...{ ...ports, slots, shards, sink: notingSink(sink, notes) },
      budget: shards && openBudget(stream, shards, ports),
      limit: new RecordLimit({
        ...{ ...ports, takeTurn, stream: stream.stream, bytes: stream.maxRecordBytes },
        find: async (until) => (await sink.describeStream(stream.stream, until)).maxRecordBytes,
      }),
    });
  };
  if (egress.stream.type === 'fixed') return write(await find(egress.stream.stream, signal));

  const name = egress.stream.default;
  const onAnswered = () => writers.noteAnswered();
  const defaultStream = name === undefined ? undefined : { name, writer: write(await find(name, signal), { onAnswered }) };
  const writers: StreamWriters = new StreamWriters({
    egressId: egress.id,
    defaultStream,
    clock: ports.clock,
    open: (stream, report) =>
      new StreamWriter({
        ...ports,
        stream,
        retry: egress.retry,
        find: (until) => find(stream, until),
        openWriter: (found, onNotFound) => write(found, { onAnswered, onNotFound }),
        report,
      }),
  });
  return writers;
}

function liveShardsOf({ stream, shards }: ResolvedStream, sink: KinesisSink, { clock, logger }: WriterPorts): LiveShards | undefined {
  return shards && new LiveShards({ shards, clock, find: () => findShards(sink, stream, { logger }) });
}

function openBudget({ stream }: ResolvedStream, shards: LiveShards, { budgets, clock }: WriterPorts): StreamBudget | undefined {
  return (
    budgets &&
    new StreamBudget({ ledger: budgets.open(stream), shards, isEnforced: budgets.isEnforced, rateLimit: budgets.rateLimit, clock })
  );
}

const writerSettings = (egress: WrittenEgress, stream: ResolvedStream) => ({
  ...egress,
  stream: stream.stream,
  aggregation: stream.isAutoDistributed ? undefined : egress.aggregation,
});

const notingSink = (sink: KinesisSink, { onAnswered, onNotFound }: RequestNotes): Pick<KinesisSink, 'putRecords'> => ({
  putRecords: async (input, signal) => {
    try {
      const output = await sink.putRecords(input, signal);
      onAnswered?.();
      return output;
    } catch (error) {
      if (!onNotFound || !(error instanceof StreamNotFoundError)) throw error;
      onNotFound();
      throw new NamedStreamNotFoundError(error);
    }
  },
});
