export { Aggregator } from './aggregation/aggregate.ts';
export { isAggregate, MALFORMED_AGGREGATE } from './aggregation/aggregate-reader.ts';
export { callWithTimeout } from './client/call-with-timeout.ts';
export { createKinesisClient, type KinesisClient, type KinesisClientSettings } from './client/kinesis-client.ts';
export { createRequestHandler } from './client/request-handler.ts';
export {
  IteratorExpiredError,
  isBlocked,
  KinesisAccessError,
  KinesisCredentialsExpiredError,
  KinesisThrottledError,
  KinesisTimeoutError,
  KinesisUnavailableError,
  KinesisValidationError,
  RecordTooLargeError,
  RequestNotSentError,
  StreamNotFoundError,
  SubscriptionDisplacedError,
  SubscriptionInUseError,
} from './errors.ts';
export { decimalHashKey, type HashRange, hashKeyOf, MAX_HASH_KEY } from './hash-key.ts';
export {
  DEFAULT_MAX_RECORD_BYTES,
  ITERATOR_LIFETIME_MS,
  MAX_BYTES_PER_PUT,
  MAX_RECORDS_PER_GET,
  MAX_RECORDS_PER_PUT,
  READ_BYTES_PER_SECOND,
  WRITE_BYTES_PER_SECOND,
  WRITE_RECORDS_PER_SECOND,
} from './limits.ts';
export { messageMetadata, messageMetadataOf } from './origin-metadata.ts';
export type { RecordCursor } from './page/record-cursor.ts';
export { type ChildShard, createRecordPage, type RecordPage } from './page/record-page.ts';
export type {
  KinesisPush,
  KinesisSink,
  KinesisSource,
  PutRecordsInput,
  PutRecordsOutput,
  PutResult,
  ShardSubscription,
  StartingPosition,
  StreamDescription,
} from './ports.ts';
export { checkRecord, dataByteLength, type OutgoingRecord, recordByteSize } from './record-check.ts';
export { compareSequenceNumbers } from './sequence-number.ts';
export { type ShardDescription, uncoveredHashKeys } from './shard-description.ts';
export { ShardMap } from './shard-map.ts';
