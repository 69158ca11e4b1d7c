/** What the service allows, from its developer guide (November 2026). Sizes in bytes unless the name says otherwise. */
export const MIB = 1024 * 1024;

export const MAX_RECORDS_PER_PUT = 500;
/** Of one PutRecords request, partition keys included. */
export const MAX_PUT_BYTES = 10 * MIB;
export const DEFAULT_MAX_RECORD_KIB = 1024;
export const LARGEST_MAX_RECORD_KIB = 10_240;
export const MAX_KEY_CHARACTERS = 256;

export const MAX_RECORDS_PER_GET = 10_000;
export const MAX_GET_BYTES = 10 * MIB;
export const MAX_SHARDS_PER_PAGE = 1_000;
export const ITERATOR_EXPIRY_MS = 300_000;
export const NEXT_TOKEN_EXPIRY_MS = 300_000;

/** Consumers of one stream that may be registered, and that may be in state CREATING. */
export const MAX_CONSUMERS_PER_STREAM = 20;
export const MAX_CREATING_CONSUMERS = 5;
/** How long a subscription lasts. */
export const SUBSCRIPTION_LIFETIME_MS = 300_000;
/** A subscription that is younger cannot be taken over. */
export const TAKE_OVER_AFTER_MS = 5_000;
/** Least time between two SubscribeToShard calls of a consumer for a shard. */
export const SUBSCRIBE_INTERVAL_MS = 1_000;
/** A subscription sends an empty event after so long a silence. */
export const HEARTBEAT_MS = 5_000;

export const MIN_RETENTION_HOURS = 24;
export const MAX_RETENTION_HOURS = 8_760;
export const ON_DEMAND_SHARDS = 4;
/** 200 MiB/s and 200,000 records/s of writes: the service's default limit of a stream in on-demand mode. */
export const MAX_ON_DEMAND_SHARDS = 200;
/** At most double the throughput of before within so long, in on-demand mode. */
export const ON_DEMAND_GROWTH_MS = 900_000;

/** What one shard takes. */
export const WRITE_RECORDS_PER_SECOND = 1_000;
export const WRITE_BYTES_PER_SECOND = MIB;
/** Shards of one stream; the service's own ceiling for one `UpdateShardCount`. */
export const MAX_SHARDS_PER_STREAM = 10_000;

/** An HTTP body may be this long: 10 MiB in base64, with room for keys and JSON. */
export const MAX_BODY_BYTES = 32 * MIB;
