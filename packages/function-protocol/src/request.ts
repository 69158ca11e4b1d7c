import type { FunctionAddress } from './address.ts';
import { messageType } from './schema.ts';
import { type TypedValue, toTypedValueFields } from './typed-value.ts';

const ToFunction = messageType('ToFunction');

/** A state as it is attached to a request: with its value, or with its name alone where it has none. */
export interface AttachedState {
  readonly name: string;
  readonly value: TypedValue | undefined;
}

export interface FunctionRequest {
  readonly address: FunctionAddress;
  readonly states: readonly AttachedState[];
  /** Encoded invocations, in arrival order. */
  readonly invocations: readonly Uint8Array[];
}

/** The body of a request to a function. */
export const encodeRequest = ({ address, states, invocations }: FunctionRequest): Uint8Array =>
  ToFunction.encode({
    invocation: {
      target: address,
      state: states.map(({ name, value }) => ({ state_name: name, state_value: value && toTypedValueFields(value) })),
      invocations,
    },
  }).finish();
