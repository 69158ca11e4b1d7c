import type { FunctionAddress } from './address.ts';
import { readMessage, toBytes } from './read-message.ts';
import { messageType } from './schema.ts';
import { fromTypedValueFields, type TypedValueFields, toTypedValueFields, type WireTypedValue } from './typed-value.ts';

const Invocation = messageType('Invocation');
const TypedValueMessage = messageType('TypedValue');

/** A message for a function, as an operator sees it. */
export interface Invocation {
  /** Absent where it came from an ingress. */
  readonly caller: FunctionAddress | undefined;
  readonly argument: WireTypedValue;
}

/**
 * The bytes of an invocation as a lane and a request hold it.
 * @param argument the bytes of a typed value; empty for one that is present without a type and a value
 */
export const encodeInvocation = (caller: FunctionAddress | undefined, argument: Uint8Array): Uint8Array =>
  // An argument without bytes is written out: a function tells it from a missing one.
  argument.byteLength > 0
    ? Invocation.encode({ caller, argument }).finish()
    : Buffer.concat([Invocation.encode({ caller }).finish(), EMPTY_ARGUMENT]);

const EMPTY_ARGUMENT = Buffer.of(0x12, 0);

export const encodeTypedValue = (value: { typename: string; value: Uint8Array }): Uint8Array =>
  TypedValueMessage.encode(toTypedValueFields(value)).finish();

/** @throws MalformedMessageError */
export const decodeTypedValue = (bytes: Uint8Array): WireTypedValue =>
  fromTypedValueFields(readMessage<TypedValueFields>(TypedValueMessage, bytes, 'a typed value'));

/** @throws MalformedMessageError */
export function decodeInvocation(bytes: Uint8Array): Invocation {
  const { caller, argument } = readMessage<{ caller?: Partial<FunctionAddress> | null; argument?: Uint8Array }>(
    Invocation,
    bytes,
    'an invocation',
  );
  return {
    caller: caller ? { namespace: caller.namespace ?? '', type: caller.type ?? '', id: caller.id ?? '' } : undefined,
    argument: decodeTypedValue(toBytes(argument)),
  };
}
