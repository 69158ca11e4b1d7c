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
