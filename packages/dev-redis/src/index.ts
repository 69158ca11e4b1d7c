export { RedisNotFoundError, RedisNotStartedError } from './errors.ts';
export { findRedisBinary, installRedisBinary } from './find-binary.ts';
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts';
