import type { PutOutcome } from '../protocol/encoding.ts';
import { optionalText } from '../protocol/input.ts';
import { type PutEntry, readPutEntries, recordListOf } from '../protocol/put-entries.ts';
import { ServiceError, throttled } from '../service-error.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import type { Operation, OperationContext, RecordFailure } from './operation.ts';
import { dataStream } from './target-stream.ts';

const DECIMAL = { pattern: /^(0|([1-9]\d{0,128}))$/ };

const rateExceeded = ({ account }: OperationContext, stream: Stream, shard: Shard) =>
  `Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${account.accountId}.`;

/** Stores one record; a failure, injected or by quota, stores nothing. */
function put(context: OperationContext, stream: Stream, entry: PutEntry, index: number): PutOutcome {
  const shard = stream.route(entry.hashKey);
  const failure: RecordFailure | undefined =
    context.failRecord(index) ?? (shard.quotas.admitRecord(entry.bytes) ? undefined : 'ProvisionedThroughputExceededException');
  if (failure) return { shard, failure: { code: failure, message: messageOf(failure, context, stream, shard) } };
  const ordinal = shard.append(entry.partitionKey, entry.source, entry.start, entry.end, context.clock.now());
  return { shard, ordinal, arrivalMs: shard.lastArrivalMs };
}

/** Lets the account keep what was stored, in its journal and within its memory; a stream in on-demand mode may grow by it. */
function keep({ account }: OperationContext, stream: Stream, entries: readonly PutEntry[], outcomes: readonly PutOutcome[]): void {
  if (account.isKept)
    account.stored(
      stream,
      entries.flatMap((entry, index) => journalRecord(entry, outcomes[index]!)),
    );
  account.enforceMemoryCap();
  if (stream.mode === 'ON_DEMAND') {
    const stored = entries.filter((_, index) => outcomes[index]!.ordinal !== undefined);
    const bytes = stored.reduce((sum, entry) => sum + entry.bytes, 0);
    account.onDemandGrowth.wrote(stream, stored.length, bytes);
  }
}

function journalRecord({ partitionKey, source, start, end }: PutEntry, { shard, ordinal, arrivalMs }: PutOutcome): JournalRecord[] {
  return ordinal === undefined ? [] : [{ shard, ordinal, arrivalMs: arrivalMs!, partitionKey, source, start, end }];
}

const messageOf = (failure: RecordFailure, context: OperationContext, stream: Stream, shard: Shard): string =>
  failure === 'InternalFailure' ? 'Internal service failure.' : rateExceeded(context, stream, shard);

export const putRecords: Operation = (context, input) => {
  const stream = dataStream(context.account, input);
  const entries = readPutEntries(recordListOf(input), stream.maxRecordKiB, true);
  let failed = 0;
  const outcomes = entries.map((entry, index) => {
    const outcome = put(context, stream, entry, index);
    if (outcome.failure) failed++;
    return outcome;
  });
  keep(context, stream, entries, outcomes);
  return context.encoding.putRecordsReply(outcomes, failed);
};

/** `SequenceNumberForOrdering` is checked and then has nothing left to do: sequence numbers of a shard always rise here. */
export const putRecord: Operation = (context, input) => {
  const stream = dataStream(context.account, input);
  optionalText(input, 'SequenceNumberForOrdering', DECIMAL);
  const [entry] = readPutEntries([input], stream.maxRecordKiB, false);
  const outcome = put(context, stream, entry!, 0);
  const { shard, ordinal, failure } = outcome;
  if (failure?.code === 'InternalFailure') throw new ServiceError('InternalFailure', failure.message, 500);
  if (failure) throw throttled(failure.message);
  keep(context, stream, [entry!], [outcome]);
  return { EncryptionType: 'NONE', SequenceNumber: shard.numbers.format(ordinal!), ShardId: shard.id };
};
