export type { DelayedEffect, EgressEffect, FunctionEffects, MessageEffect, MutationEffect } from './answer/effects.ts';
export { type AnswerFault, InvalidAnswerError } from './answer/errors.ts';
export { checkStateSpecs } from './answer/state-specs.ts';
export { type AnswerContext, validateAnswer } from './answer/validate-answer.ts';
export type { AttemptFailure } from './transport/attempt-failure.ts';
export { EndpointUnusableError, FunctionCallError } from './transport/errors.ts';
export { type CallOptions, createTransport, type Transport, type TransportPorts } from './transport/transport.ts';
