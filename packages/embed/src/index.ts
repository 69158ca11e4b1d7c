export { type CreateWorkerOptions, createWorker, type Worker, type WorkerKind } from './create-worker.ts';
export { WorkerConfigError } from './errors.ts';
