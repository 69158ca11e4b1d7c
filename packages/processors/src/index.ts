export { compileProcessors, type ProcessorChain, type ProcessorOptions, processorTypes } from './compile-processors.ts';
export { ProcessorConfigError, ProcessorCrashError } from './errors.ts';
export type { ProcessedMessage, ProcessorSettings, Run } from './processor.ts';
