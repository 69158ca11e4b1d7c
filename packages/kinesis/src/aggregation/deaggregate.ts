/**
 * Expands what the Kinesis Producer Library packed. Nothing is ever lost here: what only looks like a container stays a plain record,
 * a container that contradicts itself is handed on whole and flagged, and a user record whose hash key lies outside the shard is
 * delivered like the others (the KCL drops its whole container).
 */
import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';
import type { SluiceRecord } from '@sluice/core';
import { AggregateField, DIGEST_BYTES, digestOf, MAGIC, RecordField } from './format.ts';

/** Metadata key of a record that is a malformed container; its value is what is wrong with it. */
export const MALFORMED_AGGREGATE = 'kinesis_malformed_aggregate';

/** One user record of a container. */
export interface UserRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

/** Whether the data begins like a container. A quick test that most records end at; {@link expandAggregate} has the last word. */
export const isAggregate = (data: Uint8Array): boolean =>
  data[0] === 0xf3 && data[1] === 0x89 && data[2] === 0x9a && data[3] === 0xc2 && data.byteLength >= MAGIC.length + DIGEST_BYTES;

/** The user records of a Kinesis record, in order, numbered by sub-sequence; the record itself where it is no container. */
export function expandAggregate(record: SluiceRecord): readonly SluiceRecord[] {
  const message = messageOf(record.data);
  if (!message) return [record];
  const userRecords = readAggregate(message);
  if (typeof userRecords === 'string') return [{ ...record, metadata: { ...record.metadata, [MALFORMED_AGGREGATE]: userRecords } }];
  const { metadata, origin } = record;
  return userRecords.map((userRecord, subSequenceNumber) => ({
    ...userRecord,
    metadata,
    ...(origin && { origin: { ...origin, subSequenceNumber } }),
  }));
}

/** The protobuf inside a container; `undefined` where magic or digest says that the data is none. */
function messageOf(data: Uint8Array): Uint8Array | undefined {
  if (!isAggregate(data)) return undefined;
  const message = data.subarray(MAGIC.length, data.byteLength - DIGEST_BYTES);
  return digestOf(message).equals(data.subarray(data.byteLength - DIGEST_BYTES)) ? message : undefined;
}

/** The user records of a container's message, or what is wrong with it. */
function readAggregate(message: Uint8Array): readonly UserRecord[] | string {
  const partitionKeys: string[] = [];
  const hashKeys: string[] = [];
  const entries: Entry[] = [];
  try {
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === AggregateField.partitionKey) partitionKeys.push(reader.string());
      else if (field === AggregateField.explicitHashKey) hashKeys.push(reader.string());
      else if (field === AggregateField.record) entries.push(readEntry(reader.bytes()));
      else reader.skip(wireType as WireType, field);
    }
  } catch (error) {
    return `not an AggregatedRecord: ${error instanceof Error ? error.message : String(error)}`;
  }
  return resolveEntries(entries, partitionKeys, hashKeys);
}

interface Entry {
  readonly keyIndex: number;
  readonly hashKeyIndex: number | undefined;
  readonly data: Uint8Array | undefined;
}

function readEntry(bytes: Uint8Array): Entry {
  const reader = new BinaryReader(bytes);
  let keyIndex = -1;
  let hashKeyIndex: number | undefined;
  let data: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === RecordField.partitionKeyIndex) keyIndex = Number(reader.uint64());
    else if (field === RecordField.explicitHashKeyIndex) hashKeyIndex = Number(reader.uint64());
    else if (field === RecordField.data) data = reader.bytes();
    else reader.skip(wireType as WireType, field);
  }
  return { keyIndex, hashKeyIndex, data };
}

function resolveEntries(
  entries: readonly Entry[],
  partitionKeys: readonly string[],
  hashKeys: readonly string[],
): readonly UserRecord[] | string {
  const userRecords: UserRecord[] = [];
  for (const [index, { keyIndex, hashKeyIndex, data }] of entries.entries()) {
    const partitionKey = partitionKeys[keyIndex];
    if (partitionKey === undefined) return `record ${index} names partition key ${keyIndex} of ${partitionKeys.length}`;
    if (!data) return `record ${index} has no data`;
    if (hashKeyIndex === undefined) {
      userRecords.push({ partitionKey, data });
      continue;
    }
    const explicitHashKey = hashKeys[hashKeyIndex];
    if (explicitHashKey === undefined) return `record ${index} names explicit hash key ${hashKeyIndex} of ${hashKeys.length}`;
    userRecords.push({ partitionKey, explicitHashKey, data });
  }
  return userRecords.length > 0 ? userRecords : 'no records';
}
