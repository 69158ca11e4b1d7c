/** Written by hand: an ingress encodes nothing else, and does without a library for Protocol Buffers. */

/** The fields of an `Invocation` and of the `TypedValue` in it, each with its number and its kind. */
const ARGUMENT = 0x12;
const TYPE_NAME = 0x0a;
const HAS_VALUE = Buffer.of(0x10, 1);
const VALUE = 0x1a;

/** The invocation that a record of an ingress becomes: its data is the value, untouched and also where it is empty. */
export function wrapIngressRecord(valueType: string, data: Uint8Array): Uint8Array {
  const argument = [...fieldOf(TYPE_NAME, Buffer.from(valueType)), HAS_VALUE, ...fieldOf(VALUE, data)];
  const bytes = argument.reduce((sum, part) => sum + part.byteLength, 0);
  return Buffer.concat([lengthOf(ARGUMENT, bytes), ...argument]);
}

/** Nothing where it is empty. */
const fieldOf = (field: number, bytes: Uint8Array): Uint8Array[] =>
  bytes.byteLength === 0 ? [] : [lengthOf(field, bytes.byteLength), bytes];

/** What stands before a field of so many bytes: seven bits a byte, the lowest first. */
function lengthOf(field: number, bytes: number): Buffer {
  const written = [field];
  let rest = bytes;
  for (; rest > 0x7f; rest >>>= 7) written.push((rest & 0x7f) | 0x80);
  return Buffer.from([...written, rest]);
}
