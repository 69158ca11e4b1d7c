export {
  ConfigInvalidError,
  ConfigMissingError,
  NothingToDoError,
  RedisClusterError,
  RedisUrlError,
  ReloadUnsafeError,
  ShutdownTimeoutError,
} from './errors.ts';
export { configSourceOf, loadWorkerConfig, optionsOf } from './load-worker-config.ts';
export { announceInstallation, findInstallation, type LocalInstallation } from './local-installation.ts';
export { type OpenRedisOptions, openRedis, redisSettingsOf } from './open-redis.ts';
export { watchLiveness } from './operations/liveness.ts';
export { isLoopback, PortError } from './operations/server-rules.ts';
export { createProcessLogger } from './process-logger.ts';
export { type NextConfigurationOptions, nextConfiguration } from './reload/next-configuration.ts';
export type { ConfigSource } from './reload/worker-configuration.ts';
export type { PartId, PartLogic, PartOutput, PartPlan, PartPlans } from './root/part.ts';
export type { Readiness } from './root/readiness.ts';
export { runProcess } from './run-process.ts';
export { runWorker } from './run-worker.ts';
export { type RunningWorker, type StartWorkerOptions, startWorker } from './start-worker.ts';
export type { PartContext, WorkerDefinition } from './worker-definition.ts';
export {
  addConfigFlags,
  addWatcherFlag,
  addWorkerFlags,
  type ConfigFlags,
  portNumber,
  SHORT_TEMPLATES,
  type WorkerFlags,
} from './worker-flags.ts';
