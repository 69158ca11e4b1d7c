export { compileEgress } from './compile-egress.ts';
export type { CompiledEgress } from './compiled-egress.ts';
export { NoEgressError, ShutdownTimeoutError } from './errors.ts';
export { createKinesisSink } from './kinesis-sink.ts';
export { type EgressWorker, type EgressWorkerOptions, startEgressWorker } from './worker.ts';
