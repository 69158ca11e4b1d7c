export {
  NotRedisError,
  RedisAccessError,
  RedisBusyError,
  RedisCertificateError,
  RedisCommandError,
  RedisEpochMovedError,
  RedisNotReadyError,
  RedisReplyLostError,
  RedisSettingsError,
  RedisUnreachableError,
  RedisUnsuitableError,
} from './errors.ts';
export { noteFormats, readFormats, STORED_FORMATS, type StoredFormat, unreadableBefore } from './formats.ts';
export {
  type AddressKeys,
  actorsKey,
  addressKeys,
  auditKey,
  DEFAULT_KEY_PREFIX,
  type DeadLetterKeys,
  type DelayedKeys,
  deadLetterKeys,
  deadLetterLeaseKey,
  deadLetterQueue,
  deadLetterSendersKey,
  delayedKeys,
  historyKey,
  historyKeyBase,
  type LaneAddress,
  type LaneKeys,
  type LaneName,
  laneKeys,
  laneLeaseKey,
  laneQueue,
  noticeChannel,
  pauseKey,
  type QueueAddress,
  readerGroupKey,
  readTurnKeys,
  reportKey,
  reportsKey,
  shardBudgetKey,
  shardRowKey,
  shardTableKey,
  sourcesFoundKey,
  sourcesKey,
  type TargetAddress,
  tapChannel,
  targetsKey,
  usesKey,
  valuesKeyBase,
  watchedKey,
  writerGroupKey,
} from './keys.ts';
export { subscribeToNotices } from './notices.ts';
export { type PreflightOptions, preflight, type RedisFacts } from './preflight.ts';
export { type RedisScript, readBinaryScript, readScript, readTransactionScript } from './redis-script.ts';
export { type ConnectRedisOptions, connectRedis, type RedisSession } from './redis-session.ts';
export type { RedisSentinelSettings, RedisSettings } from './redis-settings.ts';
export { replyBuffers } from './reply-buffers.ts';
export { type Fill, runPipeline, runTransaction } from './run-commands.ts';
export type { CommandLine, ScriptArgument } from './send-transaction.ts';
