/** The other side of the protocol, for function servers in tests. */
import type { FunctionAddress } from '../address.ts';
import { decodeInvocation, type Invocation } from '../invocation.ts';
import { messageType } from '../schema.ts';
import { fromTypedValueFields, type TypedValueFields, type WireTypedValue } from '../typed-value.ts';

/** What a function server was asked. */
export interface ReceivedRequest {
  readonly target: FunctionAddress;
  /** By name; `undefined` where it was attached without a value. */
  readonly states: Readonly<Record<string, WireTypedValue | undefined>>;
  readonly invocations: readonly Invocation[];
}

interface RequestFields {
  readonly invocation: {
    readonly target: Partial<FunctionAddress>;
    readonly state: { state_name?: string; state_value?: TypedValueFields | null }[];
    readonly invocations: Uint8Array[];
  };
}

const invocationFields = (body: Uint8Array) => (messageType('ToFunction').decode(body) as unknown as RequestFields).invocation;

/** The invocations of a request as they are encoded. */
export const invocationsOf = (body: Uint8Array): Uint8Array[] => invocationFields(body).invocations;

export function decodeRequest(body: Uint8Array): ReceivedRequest {
  const invocation = invocationFields(body);
  return {
    target: { namespace: '', type: '', id: '', ...invocation.target },
    states: Object.fromEntries(
      invocation.state.map(({ state_name, state_value }) => [
        state_name ?? '',
        state_value ? fromTypedValueFields(state_value) : undefined,
      ]),
    ),
    invocations: invocation.invocations.map((bytes) => decodeInvocation(bytes)),
  };
}

/** The bytes of an answer, its fields named as in the .proto text; the arguments of messages are encoded typed values. */
export const encodeAnswer = (fields: Record<string, unknown>): Uint8Array => messageType('FromFunction').encode(fields).finish();

/** The bytes of a record for a Kinesis egress, its fields named as in the .proto text. */
export const encodeKinesisRecord = (fields: Record<string, unknown>): Uint8Array =>
  messageType('KinesisEgressRecord').encode(fields).finish();
