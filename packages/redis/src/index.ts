export {
  NotRedisError,
  RedisAccessError,
  RedisBusyError,
  RedisCertificateError,
  RedisEpochMovedError,
  RedisNotReadyError,
  RedisReplyLostError,
  RedisSettingsError,
  RedisUnreachableError,
  RedisUnsuitableError,
} from './errors.ts';
export { subscribeToNotices } from './notices.ts';
export { type PreflightOptions, preflight, type RedisFacts } from './preflight.ts';
export { type ConnectRedisOptions, connectRedis, type RedisSession } from './redis-session.ts';
export type { RedisSentinelSettings, RedisSettings } from './redis-settings.ts';
export { toRedisError } from './to-redis-error.ts';
