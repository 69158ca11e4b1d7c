export { type RunPipelineOptions, runPipeline } from './run-pipeline.ts';
