export { Aggregator } from './aggregation/aggregate.ts';
export { isAggregate, MALFORMED_AGGREGATE } from './aggregation/aggregate-reader.ts';
export { createKinesisClient, type KinesisClient, type KinesisClientSettings } from './client/kinesis-client.ts';
export { createRequestHandler } from './client/request-handler.ts';
export { type CallFacts, toKinesisError } from './client/to-kinesis-error.ts';
export {
  InvalidHashKeyError,
  InvalidPartitionKeyError,
  IteratorExpiredError,
  isBlocked,
  KinesisAccessError,
  KinesisBlockedError,
  KinesisCredentialsExpiredError,
  KinesisRefusedError,
  KinesisThrottledError,
  KinesisTimeoutError,
  KinesisUnavailableError,
  KinesisValidationError,
  RecordTooLargeError,
  RequestNotSentError,
  StreamKeyError,
  StreamNotFoundError,
} from './errors.ts';
export { type HashRange, hashKeyOf, includesHashKey, isHashKey, MAX_HASH_KEY } from './hash-key.ts';
export {
  DEFAULT_MAX_RECORD_BYTES,
  GET_CALLS_PER_SECOND,
  ITERATOR_LIFETIME_MS,
  MAX_BYTES_PER_GET,
  MAX_BYTES_PER_PUT,
  MAX_PARTITION_KEY_LENGTH,
  MAX_RECORDS_PER_GET,
  MAX_RECORDS_PER_PUT,
  READ_BYTES_PER_SECOND,
  WRITE_BYTES_PER_SECOND,
  WRITE_RECORDS_PER_SECOND,
} from './limits.ts';
export { kinesisMetadata } from './origin-metadata.ts';
export { type ChildShard, createRecordPage, type RecordCursor, type RecordPage } from './page/record-page.ts';
export type {
  GetRecordsInput,
  GetShardIteratorInput,
  KinesisSink,
  KinesisSource,
  PutRecordsInput,
  PutRecordsOutput,
  PutResult,
  StartingPosition,
  StreamDescription,
} from './ports.ts';
export { checkRecord, isPartitionKey, type OutgoingRecord, recordByteSize } from './record-check.ts';
export { compareSequenceNumbers } from './sequence-number.ts';
export { type ShardDescription, ShardGraph } from './shard-graph.ts';
