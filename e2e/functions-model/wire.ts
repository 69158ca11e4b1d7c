/**
 * The server's side of the protocol, from the .proto text that docs/function-protocol.md shows: it shares nothing with the runtime's own
 * codec, so that each checks the other, and both the page.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import protobuf from 'protobufjs';

const PAGE = resolve(import.meta.dirname, '../../docs/function-protocol.md');

const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/```proto\n(.*?)```/gs)].map(([, text]) => text).join('\n');
const { root } = protobuf.parse(`syntax = "proto3";\n${blocks}`, { keepCase: true });
const [toFunction, fromFunction, kinesisRecord] = ['ToFunction', 'FromFunction', 'KinesisEgressRecord'].map((name) =>
  root.lookupType(name),
);

export interface Address {
  readonly namespace: string;
  readonly type: string;
  readonly id: string;
}

export interface TypedValue {
  readonly typename: string;
  readonly value: Uint8Array;
}

export interface FunctionRequest {
  readonly target: Address;
  /** The names that were sent; `undefined` where the state is absent. */
  readonly states: ReadonlyMap<string, TypedValue | undefined>;
  readonly messages: readonly { readonly caller?: Address; readonly argument: TypedValue }[];
}

export type Delayed =
  | { readonly delayMs: number; readonly target: Address; readonly argument: TypedValue; readonly token?: string }
  | { readonly cancel: string };

export interface FunctionResult {
  /** In their order; no value deletes. */
  readonly states: readonly { readonly name: string; readonly value?: TypedValue }[];
  readonly messages: readonly { readonly target: Address; readonly argument: TypedValue }[];
  readonly delayed: readonly Delayed[];
  readonly egress: readonly { readonly namespace: string; readonly type: string; readonly argument: TypedValue }[];
}

interface WireTypedValue {
  typename: string;
  has_value: boolean;
  value: Uint8Array;
}

interface WireRequest {
  invocation: {
    target: Address;
    state: { state_name: string; state_value: WireTypedValue | null }[];
    invocations: { caller: Address | null; argument: WireTypedValue }[];
  };
}

export function decodeRequest(body: Uint8Array): FunctionRequest {
  const { invocation } = toFunction!.toObject(toFunction!.decode(body), { defaults: true, arrays: true, bytes: Buffer }) as WireRequest;
  return {
    target: invocation.target,
    states: new Map(invocation.state.map(({ state_name, state_value }) => [state_name, state_value?.has_value ? state_value : undefined])),
    messages: invocation.invocations.map(({ caller, argument }) => ({ argument, ...(caller && { caller }) })),
  };
}

export const encodeResult = ({ states, messages, delayed, egress }: FunctionResult): Uint8Array =>
  encode(fromFunction!, {
    invocation_result: {
      state_mutations: states.map(({ name, value }) => ({
        mutation_type: value ? 1 : 0,
        state_name: name,
        ...(value && { state_value: onWire(value) }),
      })),
      outgoing_messages: messages.map(({ target, argument }) => ({ target, argument: onWire(argument) })),
      delayed_invocations: delayed.map((one) =>
        'cancel' in one
          ? { is_cancellation_request: true, cancellation_token: one.cancel }
          : { delay_in_ms: one.delayMs, target: one.target, argument: onWire(one.argument), cancellation_token: one.token ?? '' },
      ),
      outgoing_egresses: egress.map(({ namespace, type, argument }) => ({
        egress_namespace: namespace,
        egress_type: type,
        argument: onWire(argument),
      })),
    },
  });

/** @param missing name to type name */
export const encodeIncomplete = (missing: ReadonlyMap<string, string>): Uint8Array =>
  encode(fromFunction!, {
    incomplete_invocation_context: {
      missing_values: [...missing].map(([state_name, type_typename]) => ({ state_name, type_typename, expiration_spec: { mode: 0 } })),
    },
  });

export const kinesisEgressRecord = (stream: string, partitionKey: string, value: Uint8Array): TypedValue => ({
  typename: 'type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord',
  value: encode(kinesisRecord!, { stream, partition_key: partitionKey, value_bytes: value }),
});

/** The data of such a record. */
export const dataOfKinesisEgressRecord = ({ value }: TypedValue): Uint8Array =>
  (kinesisRecord!.toObject(kinesisRecord!.decode(value), { defaults: true, bytes: Buffer }) as { value_bytes: Uint8Array }).value_bytes;

const onWire = ({ typename, value }: TypedValue): WireTypedValue => ({ typename, has_value: true, value });

const encode = (type: protobuf.Type, message: Record<string, unknown>): Uint8Array => type.encode(type.fromObject(message)).finish();
