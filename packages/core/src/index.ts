export { type BackoffPolicy, backoffDelay, isBackoffSpent } from './backoff.ts';
export { type Clock, sleep, systemClock } from './clock.ts';
export { parseGoDuration } from './duration.ts';
export { type Disposition, type ErrorReport, isRejected, isRetryable, SluiceError, toErrorReport } from './errors.ts';
export { type Logger, type LogLevel, silentLogger } from './logger.ts';
export { plural } from './plural.ts';
export { type Metadata, type RecordOrigin, recordFootprint, type ShardPosition, type SluiceRecord } from './record.ts';
export { comparePositions } from './shard-position.ts';
export { RECORD_OVERHEAD_BYTES, type Weight, WeightedBudget } from './weighted-budget.ts';
