export {
  ConfigInvalidError,
  ConfigMissingError,
  NothingToDoError,
  RedisClusterError,
  RedisUrlError,
  ShutdownTimeoutError,
} from './errors.ts';
export { loadWorkerConfig, optionsOf } from './load-worker-config.ts';
export { announceInstallation, findInstallation, type LocalInstallation } from './local-installation.ts';
export { type OpenRedisOptions, openRedis, redisSettingsOf } from './open-redis.ts';
export { createHttpServer, isLoopback, listen, PortError } from './operations/http-server.ts';
export type { PartId, PartLogic, PartOutput } from './root/part.ts';
export type { Readiness } from './root/readiness.ts';
export { runProcess } from './run-process.ts';
export { runWorker } from './run-worker.ts';
export { type RunningWorker, type StartWorkerOptions, startWorker } from './start-worker.ts';
export type { PartContext, WorkerDefinition, WorkerPlan } from './worker-definition.ts';
export { addConfigFlags, addWorkerFlags, type ConfigFlags, portNumber, type WorkerFlags } from './worker-flags.ts';
