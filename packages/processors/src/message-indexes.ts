import { ContentError } from './failure.ts';

/** More than files nest messages. */
const MOST_INDEXES = 100;

/**
 * Takes from the front of a Protobuf message what Confluent's serializers put there: which message of its file it is, by the index of
 * the outermost message and those of the messages within it. A count of zero stands for the first message of the file.
 */
export function readMessageIndexes(data: Buffer): { readonly indexes: readonly number[]; readonly rest: Buffer } {
  let at = 0;
  function next(): number {
    const { value, end } = readVarint(data, at);
    at = end;
    // Even ones are 0 and above, odd ones below.
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  const count = next();
  if (count < 0 || count > MOST_INDEXES) throw new ContentError(`expected 0 to ${MOST_INDEXES} message indexes, found ${count}`);
  const indexes = count === 0 ? [0] : Array.from({ length: count }, next);
  return { indexes, rest: data.subarray(at) };
}

/**
 * The same of AWS Glue's serializers: the place of the message among the sorted full names of all messages of its file.
 * @param names of all messages of the file, sorted
 */
export function readMessageName(data: Buffer, names: readonly string[]): { readonly name: string; readonly rest: Buffer } {
  const { value, end } = readVarint(data, 0);
  const name = names[value];
  if (name === undefined) throw new ContentError(`expected the place of one of ${names.length} messages, found ${value}`);
  return { name, rest: data.subarray(end) };
}

function readVarint(data: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; factor <= 128 ** 4; factor *= 128) {
    const byte = data[at++];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at };
  }
  throw new ContentError('unable to read message indexes');
}
