import type protobuf from 'protobufjs';
import { MalformedMessageError } from './errors.ts';

/** Reads `bytes` as a message of `type`. @throws MalformedMessageError naming `what` was expected */
export function readMessage<Fields>(type: protobuf.Type, bytes: Uint8Array, what: string): Fields {
  try {
    return type.decode(bytes) as unknown as Fields;
  } catch (cause) {
    throw new MalformedMessageError(what, bytes.byteLength, cause);
  }
}

/** protobufjs gives 64-bit numbers as `Long`. Those of the protocol are times in milliseconds, so a double holds enough of them. */
export const toNumber = (value: { toNumber(): number } | number | null | undefined): number =>
  typeof value === 'object' && value !== null ? value.toNumber() : (value ?? 0);

const NO_BYTES = new Uint8Array();

/** A field of bytes. Where it is absent, protobufjs has an empty list in its place. */
export const toBytes = (field: Uint8Array | undefined): Uint8Array => (field && field.length > 0 ? field : NO_BYTES);
