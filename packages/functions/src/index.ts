export type { DelayedEffect, EgressEffect, FunctionEffects, MessageEffect, MutationEffect } from './answer/effects.ts';
export { type AnswerFault, InvalidAnswerError } from './answer/errors.ts';
export { checkStateSpecs } from './answer/state-specs.ts';
export { type AnswerContext, validateAnswer } from './answer/validate-answer.ts';
export { type FunctionPlans, type FunctionsOptions, openFunctions } from './create-functions.ts';
export { configuredTypes } from './endpoint/serving-endpoint.ts';
export { type HttpFront, type HttpFrontOptions, openHttpFront } from './http-ingress/create-http-front.ts';
export { type MailboxChange, mailboxOperations } from './mailbox/mailbox-operations.ts';
export type { MailboxRow, Parking } from './mailbox/mailbox-row.ts';
export {
  areMailboxesChanged,
  type LaneMailboxes,
  loadMailboxes,
  mailboxBytes,
  mailboxesGuard,
  readMailboxes,
  type StoredMessage,
} from './mailbox/mailboxes.ts';
export {
  type FunctionInstanceAddress,
  type FunctionTypeAddress,
  listParked,
  listWaiting,
  retryParked,
  showParked,
  skipParked,
  type WaitingAddress,
  type WaitingMessages,
} from './mailbox/parked-addresses.ts';
export { type AddressValues, readValues, type StateAddress, type StoredValue } from './state/address-values.ts';
export { StateLineError, StoredTypeError } from './state/errors.ts';
export { type MutatedAddress, mutationOperations } from './state/mutation-operations.ts';
export { editValues, type StatefulAddress, scanAddresses, type ValueEdit } from './state/operator-state.ts';
export { RegisteredStates } from './state/registered-states.ts';
export type { AttemptFailure } from './transport/attempt-failure.ts';
export { EndpointUnusableError, FunctionCallError } from './transport/errors.ts';
export { type CallOptions, createTransport, type Transport, type TransportPorts } from './transport/transport.ts';
