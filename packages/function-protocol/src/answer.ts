import protobuf from 'protobufjs';
import type { FunctionAddress } from './address.ts';
import { MalformedMessageError } from './errors.ts';
import { decodeTypedValue } from './invocation.ts';
import { readMessage, toBytes, toNumber } from './read-message.ts';
import { messageType } from './schema.ts';
import { fromTypedValueFields, type TypedValueFields, type WireTypedValue } from './typed-value.ts';

/** What a function asks for with one of its states. `mutationType` may be a number that the protocol does not have. */
export interface StateMutation {
  readonly mutationType: number;
  readonly name: string;
  readonly value: WireTypedValue;
}

export const MUTATION = { delete: 0, modify: 1 } as const;

export interface OutgoingMessage {
  readonly target: FunctionAddress;
  /** The bytes of a typed value, as the function wrote them. */
  readonly argument: Uint8Array;
}

export interface DelayedMessage extends OutgoingMessage {
  readonly delayMs: number;
  readonly isCancellation: boolean;
  /** Empty where the message cannot be cancelled. */
  readonly token: string;
}

export interface EgressMessage {
  readonly namespace: string;
  readonly type: string;
  readonly argument: WireTypedValue;
}

/** A state that a function declares. */
export interface StateSpec {
  readonly name: string;
  readonly typename: string;
  readonly expiration: Expiration;
}

/** When a state's value goes: some time after it was last written, or after the last invocation of its address. */
export interface Expiration {
  readonly mode: 'none' | 'afterWrite' | 'afterInvoke';
  readonly afterMs: number;
}

/** What a function answered; each list in the order of the wire. Well formed, but not yet checked against anything. */
export type FunctionAnswer =
  | {
      readonly type: 'result';
      readonly mutations: readonly StateMutation[];
      readonly messages: readonly OutgoingMessage[];
      readonly delayed: readonly DelayedMessage[];
      readonly egress: readonly EgressMessage[];
    }
  | { readonly type: 'incomplete'; readonly missing: readonly StateSpec[] };

const RESULT = 100;
const INCOMPLETE = 101;
const LENGTH_DELIMITED = 2;

/**
 * Reads the body of an answer. An empty one is a result without effects; unknown fields are skipped.
 * @throws MalformedMessageError
 */
export function decodeAnswer(bytes: Uint8Array): FunctionAnswer {
  const { field, body } = chooseResponse(bytes);
  return field === INCOMPLETE ? decodeIncomplete(body) : decodeResult(body);
}

/**
 * Of the two kinds of response the later one on the wire counts. What stands there several times is one message: pieces of a message,
 * one after the other, are the message.
 */
function chooseResponse(bytes: Uint8Array): { field: number; body: Uint8Array } {
  let field = RESULT;
  let pieces: Uint8Array[] = [];
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const [number, wireType] = [tag >>> 3, tag & 7];
      if ((number !== RESULT && number !== INCOMPLETE) || wireType !== LENGTH_DELIMITED) {
        if (number === 0) throw new Error('field number 0');
        reader.skipType(wireType, 0, number);
        continue;
      }
      if (number !== field) pieces = [];
      field = number;
      pieces.push(reader.bytes());
    }
  } catch (cause) {
    throw new MalformedMessageError('the answer of a function', bytes.byteLength, cause);
  }
  return { field, body: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}

const InvocationResponse = messageType('FromFunction.InvocationResponse');
const IncompleteInvocationContext = messageType('FromFunction.IncompleteInvocationContext');

type AddressFields = Partial<FunctionAddress> | null;
type Int64 = { toNumber(): number } | number;

interface ResultFields {
  readonly state_mutations: { mutation_type?: number; state_name?: string; state_value?: TypedValueFields | null }[];
  readonly outgoing_messages: { target?: AddressFields; argument?: Uint8Array }[];
  readonly delayed_invocations: {
    delay_in_ms?: Int64;
    target?: AddressFields;
    argument?: Uint8Array;
    is_cancellation_request?: boolean;
    cancellation_token?: string;
  }[];
  readonly outgoing_egresses: { egress_namespace?: string; egress_type?: string; argument?: TypedValueFields | null }[];
}

function decodeResult(body: Uint8Array): FunctionAnswer {
  const fields = readMessage<ResultFields>(InvocationResponse, body, 'the result of an invocation');
  return {
    type: 'result',
    mutations: fields.state_mutations.map(({ mutation_type, state_name, state_value }) => ({
      mutationType: mutation_type ?? MUTATION.delete,
      name: state_name ?? '',
      value: fromTypedValueFields(state_value),
    })),
    messages: fields.outgoing_messages.map(({ target, argument }) => ({ target: addressOf(target), argument: argumentOf(argument) })),
    delayed: fields.delayed_invocations.map((delayed) => ({
      target: addressOf(delayed.target),
      argument: argumentOf(delayed.argument),
      delayMs: toNumber(delayed.delay_in_ms),
      isCancellation: delayed.is_cancellation_request ?? false,
      token: delayed.cancellation_token ?? '',
    })),
    egress: fields.outgoing_egresses.map(({ egress_namespace, egress_type, argument }) => ({
      namespace: egress_namespace ?? '',
      type: egress_type ?? '',
      argument: fromTypedValueFields(argument),
    })),
  };
}

interface IncompleteFields {
  readonly missing_values: {
    state_name?: string;
    type_typename?: string;
    expiration_spec?: { mode?: number; expire_after_millis?: Int64 } | null;
  }[];
}

const EXPIRATION_MODES = ['none', 'afterWrite', 'afterInvoke'] as const;

function decodeIncomplete(body: Uint8Array): FunctionAnswer {
  const { missing_values } = readMessage<IncompleteFields>(IncompleteInvocationContext, body, 'the states that a function declares');
  return {
    type: 'incomplete',
    missing: missing_values.map(({ state_name, type_typename, expiration_spec }) => ({
      name: state_name ?? '',
      typename: type_typename ?? '',
      expiration: {
        mode: EXPIRATION_MODES[expiration_spec?.mode ?? 0] ?? 'none',
        afterMs: toNumber(expiration_spec?.expire_after_millis),
      },
    })),
  };
}

/** Passed on as it is, once it is known that its receiver can read it. */
function argumentOf(field: Uint8Array | undefined): Uint8Array {
  const bytes = toBytes(field);
  decodeTypedValue(bytes);
  return bytes;
}

const addressOf = (address: AddressFields | undefined): FunctionAddress => ({
  namespace: address?.namespace ?? '',
  type: address?.type ?? '',
  id: address?.id ?? '',
});
