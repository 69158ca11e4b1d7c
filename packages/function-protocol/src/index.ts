export { type FunctionAddress, formatAddress, functionTypeOf } from './address.ts';
export {
  type DelayedMessage,
  decodeAnswer,
  type EgressMessage,
  type Expiration,
  type FunctionAnswer,
  MUTATION,
  type OutgoingMessage,
  type StateMutation,
  type StateSpec,
} from './answer.ts';
export { fromJsonValue, isBuiltInType, toJsonValue } from './built-in-types.ts';
export { MalformedMessageError, UnfitValueError } from './errors.ts';
export { wrapIngressRecord } from './ingress-record.ts';
export {
  decodeInvocation,
  decodeTypedValue,
  encodeInvocation,
  encodeTypedValue,
  type Invocation,
} from './invocation.ts';
export { decodeKinesisEgressRecord, KINESIS_EGRESS_RECORD, type KinesisEgressRecord } from './kinesis-egress-record.ts';
export { type AttachedState, encodeRequest, type FunctionRequest } from './request.ts';
export { formatTypeName, parseTypeName, type TypeName } from './type-name.ts';
export type { TypedValue, WireTypedValue } from './typed-value.ts';
