export { type ProcessUsage, usageOf } from './process-usage.ts';
export { WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';
