export { ConfigInvalidError, ConfigMissingError, RedisClusterError, RedisUrlError } from './errors.ts';
export { loadWorkerConfig, optionsOf } from './load-worker-config.ts';
export { announceInstallation, findInstallation, type LocalInstallation } from './local-installation.ts';
export { type OpenRedisOptions, openRedis, redisSettingsOf } from './open-redis.ts';
export { runProcess } from './run-process.ts';
export { addConfigFlags, addWorkerFlags, type ConfigFlags, portNumber, type WorkerFlags } from './worker-flags.ts';
