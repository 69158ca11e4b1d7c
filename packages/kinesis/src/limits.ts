/** What the service allows in one call, as of November 2026. Sizes are bytes of data plus bytes of the UTF-8 partition key. */

/** Records in one PutRecords request. */
export const MAX_RECORDS_PER_PUT = 500;
/** Bytes of all records in one PutRecords request, partition keys included. */
export const MAX_BYTES_PER_PUT = 10 * 1024 * 1024;
/** Largest record of a stream whose `MaxRecordSizeInKiB` was never raised. */
export const DEFAULT_MAX_RECORD_BYTES = 1024 * 1024;
/** Characters of a partition key; at least one. */
export const MAX_PARTITION_KEY_LENGTH = 256;
/** Records that GetRecords may be asked for at once. */
export const MAX_RECORDS_PER_GET = 10_000;
/** Bytes that GetRecords returns at once, at most. */
const MAX_BYTES_PER_GET = 10 * 1024 * 1024;
/** Age at which the service refuses a shard iterator, in milliseconds. */
export const ITERATOR_LIFETIME_MS = 5 * 60_000;
/** Bytes a second that a shard hands out, over all its consumers. */
export const READ_BYTES_PER_SECOND = 2 * 1024 * 1024;
/** Bytes and records a second that a shard takes in. */
export const WRITE_BYTES_PER_SECOND = 1024 * 1024;
export const WRITE_RECORDS_PER_SECOND = 1_000;
/** Bytes of a reply in base64, with plenty for what surrounds 10,000 records. A length beyond that is not believed. */
export const MAX_REPLY_BYTES = 4 * MAX_BYTES_PER_GET;
