export { DeliveryCheck, type DeliveryReport, type SeenRecord } from './delivery/delivery-check.ts';
export { readBack } from './delivery/read-back.ts';
export { type ProcessUsage, usageOf } from './process/process-usage.ts';
export { WorkerProcess, type WorkerProcessOptions } from './process/worker-process.ts';
export { RedisNotFoundError, RedisNotStartedError } from './redis/errors.ts';
export { findRedisBinary, installRedisBinary } from './redis/find-binary.ts';
export { isDockerThere } from './redis/redis-container.ts';
export { openDevRedis, type RedisServer, type RedisServerOptions, startRedisServer } from './redis/start-redis-server.ts';
