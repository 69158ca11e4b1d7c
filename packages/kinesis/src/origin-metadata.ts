import type { Metadata, SluiceRecord } from '@sluice/core';

/**
 * The metadata that Benthos' `aws_kinesis` input sets, derived from where the record came from. Computed where it is asked for:
 * a record carries its origin anyway, and most egresses never look at these.
 */
function kinesisMetadata({ origin, partitionKey }: SluiceRecord): Metadata {
  if (!origin) return {};
  return {
    kinesis_stream: origin.stream,
    kinesis_shard: origin.shardId,
    kinesis_partition_key: partitionKey,
    kinesis_sequence_number: origin.sequenceNumber,
  };
}

/** All metadata of a record as a message: where it came from, then its own. */
export function messageMetadata(record: SluiceRecord): Metadata {
  for (const _ in record.metadata) return { ...kinesisMetadata(record), ...record.metadata };
  return kinesisMetadata(record);
}

/** One value of {@link messageMetadata}, without the others. */
export function messageMetadataOf(record: SluiceRecord, key: string): Metadata[string] | undefined {
  if (Object.hasOwn(record.metadata, key)) return record.metadata[key];
  const hasOrigin = (record.arrivalTimeMs ?? record.origin) !== undefined;
  if (key === 'kinesis_partition_key') return hasOrigin ? record.partitionKey : undefined;
  const all = kinesisMetadata(record);
  return Object.hasOwn(all, key) ? all[key] : undefined;
}
