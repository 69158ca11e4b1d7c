export { type CompileOptions, compileEgress } from './compile/compile-egress.ts';
export type { CompiledEgress } from './compile/compiled-egress.ts';
export type { EgressOutput } from './egress/egress.machine.ts';
export { createEgress, type EgressLogic, type EgressPorts } from './egress/egress.ts';
export { NoEgressError, ShutdownTimeoutError } from './errors.ts';
export { createEgressOver, type EgressContext, type EgressWorker, type EgressWorkerOptions, startEgressWorker } from './worker.ts';
