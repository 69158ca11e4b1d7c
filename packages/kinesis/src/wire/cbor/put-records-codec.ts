import type { PutRecordsInput, PutRecordsOutput, PutResult } from '../../ports.ts';
import { dataByteLength } from '../../record-check.ts';
import type { BodyBuffers } from '../body-buffers.ts';
import { toPutOutput, toPutResult } from '../put-results.ts';
import { isArn } from '../stream-member.ts';
import { CborReader, knownNames } from './cbor-reader.ts';
import { CborWriter, LONGEST_HEAD } from './cbor-writer.ts';
import { encodedText } from './encoded-text.ts';

const STREAM_NAME = encodedText('StreamName');
const STREAM_ARN = encodedText('StreamARN');
const RECORDS = encodedText('Records');
const DATA = encodedText('Data');
const PARTITION_KEY = encodedText('PartitionKey');
const EXPLICIT_HASH_KEY = encodedText('ExplicitHashKey');

/** What stands around the data, the key and the hash key of a record. */
const RECORD_BYTES = 1 + DATA.length + PARTITION_KEY.length + EXPLICIT_HASH_KEY.length + 3 * LONGEST_HEAD;
const MAX_BYTES_OF_CHARACTER = 3;

export function encodePutRecords({ stream, records }: Pick<PutRecordsInput, 'stream' | 'records'>, buffers: BodyBuffers): Buffer {
  let size = 64 + MAX_BYTES_OF_CHARACTER * stream.length;
  for (const record of records) {
    const { partitionKey, explicitHashKey } = record;
    size += RECORD_BYTES + dataByteLength(record) + MAX_BYTES_OF_CHARACTER * (partitionKey.length + (explicitHashKey?.length ?? 0));
  }
  const writer = new CborWriter(buffers.take(size));
  writer.map(2);
  writer.raw(isArn(stream) ? STREAM_ARN : STREAM_NAME);
  writer.text(stream);
  writer.raw(RECORDS);
  writer.array(records.length);
  for (const record of records) {
    const { dataRange, partitionKey, explicitHashKey } = record;
    writer.map(explicitHashKey === undefined ? 2 : 3);
    writer.raw(DATA);
    if (dataRange) writer.dataRange(dataRange);
    else writer.data(record.data);
    writer.raw(PARTITION_KEY);
    writer.text(partitionKey);
    if (explicitHashKey !== undefined) {
      writer.raw(EXPLICIT_HASH_KEY);
      writer.text(explicitHashKey);
    }
  }
  return writer.bytes;
}

const NAMES = knownNames('Records', 'SequenceNumber', 'ShardId', 'ErrorCode', 'ErrorMessage');

export function decodePutRecords(body: Buffer, count: number): PutRecordsOutput {
  const reader = new CborReader(body, NAMES);
  let results: PutResult[] | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    if (reader.name() === 'Records') results = readResults(reader);
    else reader.skip();
  }
  return toPutOutput(results, count);
}

function readResults(reader: CborReader): PutResult[] {
  const results: PutResult[] = [];
  for (let left = reader.array(); reader.hasMore(left); left--) results.push(readResult(reader));
  return results;
}

function readResult(reader: CborReader): PutResult {
  let SequenceNumber: string | undefined;
  let ShardId: string | undefined;
  let ErrorCode: string | undefined;
  let ErrorMessage: string | undefined;
  for (let left = reader.map(); reader.hasMore(left); left--) {
    switch (reader.name()) {
      case 'SequenceNumber':
        SequenceNumber = reader.text();
        break;
      case 'ShardId':
        ShardId = reader.text();
        break;
      case 'ErrorCode':
        ErrorCode = reader.text();
        break;
      case 'ErrorMessage':
        ErrorMessage = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return toPutResult({ SequenceNumber, ShardId, ErrorCode, ErrorMessage });
}
