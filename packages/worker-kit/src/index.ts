export { ConfigInvalidError, ConfigMissingError, RedisUrlError } from './errors.ts';
export { loadWorkerConfig } from './load-worker-config.ts';
export { type OpenRedisOptions, openRedis, redisSettingsOf } from './open-redis.ts';
export { runProcess } from './run-process.ts';
export { addWorkerFlags, portNumber, type WorkerFlags } from './worker-flags.ts';
