import type { Metadata, RecordOrigin, SluiceRecord } from '@sluice/core';
import { createRecordPage, type RecordPage } from '../../page/record-page.ts';
import { cutOutData } from './cut-out-data.ts';

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
  /** In its place in an event of a subscription. */
  readonly ContinuationSequenceNumber?: string | null;
  readonly MillisBehindLatest?: number | null;
  readonly ChildShards?: readonly { readonly ShardId: string; readonly ParentShards?: readonly string[] | null }[] | null;
}

const NO_METADATA: Metadata = Object.freeze({});

/**
 * The page that a GetRecords reply holds, or an event of a subscription.
 * @throws {Error} the body is not such a reply
 */
export function decodeGetRecords(body: Uint8Array, stream: string, shardId: string): RecordPage {
  const { reply, dataOf } = readReply(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  // Without this member it is no reply of the service's, and what else it lacks does not mean that the shard is at its end.
  if (!Array.isArray(reply.Records)) throw new Error('expected records in a GetRecords reply, got none');
  const wireRecords: readonly WireRecord[] = reply.Records;
  return createRecordPage({
    records: wireRecords.map((wireRecord, index) => toRecord(wireRecord, dataOf(wireRecord, index), stream, shardId)),
    nextIterator: reply.NextShardIterator ?? reply.ContinuationSequenceNumber ?? null,
    childShards: (reply.ChildShards ?? []).map(({ ShardId, ParentShards }) => ({ shardId: ShardId, parents: ParentShards ?? [shardId] })),
    millisBehindLatest: reply.MillisBehindLatest ?? 0,
  });
}

function toRecord(wireRecord: WireRecord, data: Buffer, stream: string, shardId: string): SluiceRecord {
  const { SequenceNumber, ApproximateArrivalTimestamp, PartitionKey } = wireRecord;
  const arrivalTimeMs = Math.round((ApproximateArrivalTimestamp ?? 0) * 1000);
  const origin: RecordOrigin = { stream, shardId, sequenceNumber: SequenceNumber, subSequenceNumber: 0, arrivalTimeMs };
  return { partitionKey: PartitionKey ?? '', data, metadata: NO_METADATA, origin };
}

/** A JSON that is spaced otherwise than the service's keeps its data, or some of it, and is read as it is. */
function readReply(body: Buffer): { readonly reply: WireReply; dataOf(record: WireRecord, index: number): Buffer } {
  const { rest, data } = cutOutData(body);
  const reply = JSON.parse(rest) as WireReply;
  if (data.length === (reply.Records ?? []).length) return { reply, dataOf: (_, index) => data[index]! };
  return { reply: JSON.parse(body.toString()) as WireReply, dataOf: ({ Data }) => Buffer.from(Data, 'base64') };
}
