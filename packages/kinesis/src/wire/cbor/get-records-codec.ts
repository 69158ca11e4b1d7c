import { newRow, RecordColumns, type RecordRow } from '@sluice/core';
import { type ChildShard, createColumnPage, type RecordPage } from '../../page/record-page.ts';
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
  ...['Records', 'NextShardIterator', 'ContinuationSequenceNumber', 'MillisBehindLatest', 'ChildShards', 'ShardId', 'ParentShards'],
  ...['SequenceNumber', 'ApproximateArrivalTimestamp', 'Data', 'PartitionKey'],
);

type Origin = Pick<GetRecordsInput, 'stream' | 'shardId'>;

/** Of a reply that does not say how many records it holds. The columns grow where there are more. */
const ASSUMED_RECORDS = 1_000;
/** With a sequence number and data, and their names. */
const LEAST_RECORD_BYTES = 24;

/** Of a GetRecords reply, or of an event of a subscription. The records are parts of the body. */
export function decodeGetRecords(body: Buffer, origin: Origin, free?: () => void): RecordPage {
  const reader = new CborReader(body, NAMES);
  let columns: RecordColumns | undefined;
  let nextIterator: string | undefined;
  let childShards: ChildShard[] = [];
  let millisBehindLatest: number | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'Records':
        columns = readRecords(reader, body, origin);
        break;
      case 'NextShardIterator':
      // In its place in an event of a subscription.
      case 'ContinuationSequenceNumber':
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
  if (!columns || !reader.isAtEnd) throw new Error('expected records in a GetRecords reply, and nothing after it');
  return createColumnPage({ columns, nextIterator: nextIterator ?? null, childShards, millisBehindLatest: millisBehindLatest ?? 0 }, free);
}

function readAll<Item>(reader: CborReader, readOne: () => Item): Item[] {
  const items: Item[] = [];
  for (let left = reader.array(); reader.hasMore(left); left--) items.push(readOne());
  return items;
}

function readRecords(reader: CborReader, body: Buffer, origin: Origin): RecordColumns {
  let left = reader.array();
  const expected = left < 0 ? ASSUMED_RECORDS : Math.min(left, Math.ceil(body.length / LEAST_RECORD_BYTES));
  const columns = new RecordColumns(body, origin, expected);
  for (const row = newRow(); reader.hasMore(left); left--) {
    readRecord(reader, row);
    columns.add(row);
  }
  return columns;
}

function readRecord(reader: CborReader, row: RecordRow): void {
  let hasSequenceNumber = false;
  let hasData = false;
  row.keyStart = 0;
  row.keyEnd = 0;
  row.arrivalTimeMs = 0;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'SequenceNumber':
        hasSequenceNumber = reader.textRange();
        row.sequenceStart = reader.start;
        row.sequenceEnd = reader.end;
        break;
      case 'ApproximateArrivalTimestamp':
        row.arrivalTimeMs = reader.number() ?? 0;
        break;
      case 'Data':
        reader.dataRange();
        hasData = true;
        row.dataStart = reader.start;
        row.dataEnd = reader.end;
        break;
      case 'PartitionKey':
        if (!reader.textRange()) break;
        row.keyStart = reader.start;
        row.keyEnd = reader.end;
        break;
      default:
        reader.skip();
    }
  }
  if (!hasSequenceNumber || !hasData) throw new Error('expected a record with a sequence number and data');
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
