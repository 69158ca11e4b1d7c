import type { Metadata, RecordOrigin, SluiceRecord } from '@sluice/core';
import { expandAggregate, isAggregate } from '../aggregation/deaggregate.ts';
import type { GetRecordsOutput } from '../ports.ts';

interface WireRecord {
  readonly SequenceNumber: string;
  /** Seconds since 1970, with a fraction. */
  readonly ApproximateArrivalTimestamp?: number | null;
  readonly Data: string;
  /** Absent on a stream whose records the service distributes. */
  readonly PartitionKey?: string | null;
}

interface WireReply {
  readonly Records?: readonly WireRecord[] | null;
  readonly NextShardIterator?: string | null;
  readonly MillisBehindLatest?: number | null;
  readonly ChildShards?: readonly { readonly ShardId: string; readonly ParentShards?: readonly string[] | null }[] | null;
}

const NO_METADATA: Metadata = Object.freeze({});

/** The records of a GetRecords reply, aggregates expanded. `JSON.parse` and a `Buffer` a record: a tenth of the CPU time that the SDK's schema walk takes. */
export function decodeGetRecords(body: Uint8Array, stream: string, shardId: string): GetRecordsOutput {
  const reply = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()) as WireReply;
  const wireRecords = reply.Records ?? [];
  const records: SluiceRecord[] = [];
  let byteSize = 0;
  for (const { SequenceNumber, ApproximateArrivalTimestamp, Data, PartitionKey } of wireRecords) {
    const data = Buffer.from(Data, 'base64');
    byteSize += data.byteLength;
    const origin: RecordOrigin = {
      stream,
      shardId,
      sequenceNumber: SequenceNumber,
      subSequenceNumber: 0,
      arrivalTimeMs: Math.round((ApproximateArrivalTimestamp ?? 0) * 1000),
    };
    const record: SluiceRecord = { partitionKey: PartitionKey ?? '', data, metadata: NO_METADATA, origin };
    if (isAggregate(data)) for (const userRecord of expandAggregate(record)) records.push(userRecord);
    else records.push(record);
  }
  return {
    records,
    rawCount: wireRecords.length,
    byteSize,
    nextIterator: reply.NextShardIterator ?? null,
    childShards: (reply.ChildShards ?? []).map(({ ShardId, ParentShards }) => ({ shardId: ShardId, parents: ParentShards ?? [shardId] })),
    millisBehindLatest: reply.MillisBehindLatest ?? 0,
  };
}
