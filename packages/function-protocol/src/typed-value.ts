import { toBytes } from './read-message.ts';

/** Bytes with the name of their type. Empty bytes are a value: the number 0, `false` and the empty text have none. */
export interface TypedValue {
  readonly typename: string;
  readonly value: Uint8Array;
}

/** As it stands on the wire, where a typed value may also be without a value. */
export interface WireTypedValue extends TypedValue {
  readonly hasValue: boolean;
}

/** What protobufjs reads and writes. A field that is absent has its default. */
export interface TypedValueFields {
  readonly typename?: string;
  readonly has_value?: boolean;
  readonly value?: Uint8Array;
}

export const toTypedValueFields = ({ typename, value }: TypedValue): TypedValueFields => ({ typename, has_value: true, value });

export const fromTypedValueFields = (fields: TypedValueFields | null | undefined): WireTypedValue => ({
  typename: fields?.typename ?? '',
  hasValue: fields?.has_value ?? false,
  value: toBytes(fields?.value),
});
