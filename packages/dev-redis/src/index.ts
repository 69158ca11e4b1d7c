export { RedisNotFoundError, RedisNotStartedError } from './errors.ts';
export { findRedisBinary, installRedisBinary } from './find-binary.ts';
export { isDockerThere } from './redis-container.ts';
export { openDevRedis, type RedisServer, type RedisServerOptions, startRedisServer } from './start-redis-server.ts';
