export { compileProcessors, type ProcessorChain, type ProcessorOptions, processorTypes } from './compile-processors.ts';
export { ProcessorConfigError, ProcessorCrashError } from './errors.ts';
export { ResourceError } from './failure.ts';
export type { GlueSchemas, OpenGlue } from './glue-port.ts';
export type { HttpAnswer, HttpClient, HttpClientSettings, HttpOutcome, HttpRequest, OpenHttpClient } from './http-port.ts';
export { PLAIN_RUN, type ProcessedMessage, type ProcessorSettings, type Run } from './processor.ts';
export { programRefusal } from './program-refusal.ts';
export type {
  Conversation,
  ConversationOutcome,
  ConversationSettings,
  ProgramCall,
  ProgramCodec,
  ProgramOutcome,
  Programs,
} from './programs-port.ts';
export type { RegisteredSchema } from './registered-schema.ts';
export type { Cache, RateLimit, Resources } from './resources.ts';
