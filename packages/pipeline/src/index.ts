export type { Deliver, Delivery } from './delivery.ts';
export { BatchError, failuresIn } from './errors.ts';
export { type OpenedOutput, type OutputPorts, openOutput } from './open-output.ts';
export { type RunPipelineOptions, runPipeline } from './run-pipeline.ts';
export { giveName } from './stages/names.ts';
