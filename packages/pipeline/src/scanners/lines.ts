import { SourceMalformedError } from './errors.ts';
import { type Bytes, messageOf, type Scanner } from './scanner.ts';

export interface LinesOptions {
  readonly custom_delimiter: string;
  readonly max_buffer_size: number;
  readonly omit_empty: boolean;
}

const LINE_BREAK = Buffer.from('\n');
const CARRIAGE_RETURN = 0x0d;

/** A message for each line. The end of the source ends the last one; a carriage return before a line break belongs to the break. */
export const lines = ({ custom_delimiter: custom, max_buffer_size: maxBytes, omit_empty: omitsEmpty }: LinesOptions): Scanner => {
  const delimiter = custom === '' ? LINE_BREAK : Buffer.from(custom);
  const contentOf = (line: Uint8Array) => (custom === '' && line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line);
  return async function* (bytes) {
    for await (const line of split(bytes, delimiter, maxBytes)) {
      const content = contentOf(line);
      if (content.length > 0 || !omitsEmpty) yield [messageOf(content)];
    }
  };
};

async function* split(bytes: Bytes, delimiter: Buffer, maxBytes: number): Bytes {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    // A delimiter may begin in the rest.
    let from = Math.max(0, rest.length - delimiter.length + 1);
    const data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(delimiter, from); end >= 0; end = data.indexOf(delimiter, from)) {
      if (end + delimiter.length - start > maxBytes) throw tooLong(maxBytes);
      yield data.subarray(start, end);
      start = end + delimiter.length;
      from = start;
    }
    rest = data.subarray(start);
    if (rest.length > maxBytes) throw tooLong(maxBytes);
  }
  if (rest.length > 0) yield rest;
}

const tooLong = (maxBytes: number): SourceMalformedError =>
  new SourceMalformedError(`expected lines of at most ${maxBytes} bytes, found a longer one: raise \`max_buffer_size\` of the scanner`);
