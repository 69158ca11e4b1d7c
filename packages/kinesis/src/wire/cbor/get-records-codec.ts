import type { Metadata, SluiceRecord } from '@sluice/core';
import { type ChildShard, createRecordPage, type RecordPage } from '../../page/record-page.ts';
import type { GetRecordsInput } from '../../ports.ts';
import { isArn } from '../stream-member.ts';
import { CborReader, knownNames } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';

export function encodeGetRecords({ stream, iterator, limit }: Pick<GetRecordsInput, 'stream' | 'iterator' | 'limit'>): Buffer {
  const writer = new CborWriter(Buffer.allocUnsafe(128 + 3 * (iterator.length + stream.length)));
  writer.map(isArn(stream) ? 3 : 2);
  writer.text('ShardIterator');
  writer.text(iterator);
  writer.text('Limit');
  writer.unsigned(limit);
  if (isArn(stream)) {
    writer.text('StreamARN');
    writer.text(stream);
  }
  return writer.bytes;
}

const NAMES = knownNames(
  ...['Records', 'NextShardIterator', 'MillisBehindLatest', 'ChildShards', 'ShardId', 'ParentShards'],
  ...['SequenceNumber', 'ApproximateArrivalTimestamp', 'Data', 'PartitionKey'],
);

const NO_METADATA: Metadata = Object.freeze({});

type Origin = Pick<GetRecordsInput, 'stream' | 'shardId'>;

/** The data of the records are parts of the body. */
export function decodeGetRecords(body: Buffer, origin: Origin): RecordPage {
  const reader = new CborReader(body, NAMES);
  let records: SluiceRecord[] | undefined;
  let nextIterator: string | undefined;
  let childShards: ChildShard[] = [];
  let millisBehindLatest: number | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'Records':
        records = readAll(reader, () => readRecord(reader, origin));
        break;
      case 'NextShardIterator':
        nextIterator = reader.text();
        break;
      case 'ChildShards':
        childShards = readAll(reader, () => readChild(reader, origin.shardId));
        break;
      case 'MillisBehindLatest':
        millisBehindLatest = reader.number();
        break;
      default:
        reader.skip();
    }
  }
  // Without this member it is no reply of the service's, and what else it lacks does not mean that the shard is at its end.
  if (!records || !reader.isAtEnd) throw new Error('expected records in a GetRecords reply, and nothing after it');
  return createRecordPage({ records, nextIterator: nextIterator ?? null, childShards, millisBehindLatest: millisBehindLatest ?? 0 });
}

function readAll<Item>(reader: CborReader, readOne: () => Item): Item[] {
  const items: Item[] = [];
  for (let left = reader.array(); reader.hasMore(left); left--) items.push(readOne());
  return items;
}

function readRecord(reader: CborReader, { stream, shardId }: Origin): SluiceRecord {
  let sequenceNumber: string | undefined;
  let arrivalTimeMs: number | undefined;
  let data: Buffer | undefined;
  let partitionKey: string | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'SequenceNumber':
        sequenceNumber = reader.text();
        break;
      case 'ApproximateArrivalTimestamp':
        arrivalTimeMs = reader.number();
        break;
      case 'Data':
        data = reader.data();
        break;
      case 'PartitionKey':
        partitionKey = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  if (sequenceNumber === undefined || data === undefined) throw new Error('expected a record with a sequence number and data');
  return {
    partitionKey: partitionKey ?? '',
    data,
    metadata: NO_METADATA,
    origin: { stream, shardId, sequenceNumber, subSequenceNumber: 0, arrivalTimeMs: arrivalTimeMs ?? 0 },
  };
}

function readChild(reader: CborReader, parent: string): ChildShard {
  let shardId: string | undefined;
  let parents: string[] | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'ShardId':
        shardId = reader.text();
        break;
      case 'ParentShards':
        parents = readAll(reader, () => reader.text() ?? '');
        break;
      default:
        reader.skip();
    }
  }
  if (shardId === undefined) throw new Error('expected the id of a child shard');
  return { shardId, parents: parents ?? [parent] };
}
