export { type BatchPolicy, type FlushReason, hasTrigger, isNoop } from './batch-policy.ts';
export { type Batch, Batcher, type BatcherOptions } from './batcher.ts';
