/** How messages and answers are told apart in the streams of a program. */
import type { ProgramCodec } from '@sluice/processors';

/** A program answers with bytes that are no answer in its codec. */
export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';
}

/** What is written for one message: several requests where it has several lines, each answered before the next. */
export function requestsOf(codec: ProgramCodec, message: Uint8Array): readonly Uint8Array[] {
  if (codec === 'length_prefixed_uint32_be') {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(message.length);
    return [Buffer.concat([prefix, message])];
  }
  if (codec === 'netstring') return [Buffer.concat([Buffer.from(`${message.length}:`), message, COMMA])];
  const lines = linesOf(message);
  // The end of the last line is no line of its own.
  if (lines.length > 1 && lines.at(-1)!.length === 0) lines.pop();
  return lines.map((line) => Buffer.concat([line, NEWLINE]));
}

/** The content that the answers to {@link requestsOf} make. */
export function contentOf(codec: ProgramCodec, message: Uint8Array, answers: readonly Uint8Array[]): Uint8Array {
  if (codec !== 'lines') return answers[0]!;
  const lines = answers.flatMap((answer, index) => (index === 0 ? [answer] : [NEWLINE, answer]));
  return Buffer.concat(message.at(-1) === 10 ? [...lines, NEWLINE] : lines);
}

const NEWLINE = Buffer.from('\n');
const COMMA = Buffer.from(',');

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

/** Takes answers from a stream, in pieces as they come. */
export class AnswerReader {
  readonly #codec: ProgramCodec;
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(codec: ProgramCodec, maxBytes: number) {
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  /** @throws {MalformedAnswerError} nothing can be read from this stream any more */
  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const answers: Buffer[] = [];
    for (let found = this.#next(); found; found = this.#next()) {
      answers.push(found.answer);
      this.#rest = this.#rest.subarray(found.end);
    }
    if (this.#rest.length > this.#maxBytes + MAX_FRAME_BYTES) this.#check(this.#rest.length);
    return answers;
  }

  /** What is left at the end of the stream, where that is an answer: a line may lack its end. */
  end(): Buffer | undefined {
    return this.#codec === 'lines' && this.#rest.length > 0 ? withoutReturn(this.#rest) : undefined;
  }

  #next(): { readonly answer: Buffer; readonly end: number } | undefined {
    if (this.#codec === 'lines') {
      const end = this.#rest.indexOf(10);
      return end === -1 ? undefined : this.#found(0, end, 1, withoutReturn);
    }
    if (this.#codec === 'length_prefixed_uint32_be') {
      if (this.#rest.length < 4) return undefined;
      return this.#found(4, 4 + this.#check(this.#rest.readUInt32BE()), 0);
    }
    return this.#nextNetstring();
  }

  #nextNetstring() {
    const colon = this.#rest.indexOf(':');
    const digits = this.#rest.toString('latin1', 0, colon === -1 ? Math.min(this.#rest.length, 20) : colon);
    if (!(colon === -1 ? /^\d{0,19}$/ : /^\d{1,19}$/).test(digits))
      throw new MalformedAnswerError('encountered invalid netstring: expected a length and a colon');
    if (colon === -1) return undefined;
    const end = colon + 1 + this.#check(Number(digits));
    if (this.#rest.length > end && this.#rest[end] !== 44)
      throw new MalformedAnswerError('encountered invalid netstring: trailing comma-character is missing');
    return this.#found(colon + 1, end, 1);
  }

  #found(start: number, end: number, trailer: number, finish = (answer: Buffer) => answer) {
    if (this.#rest.length < end + trailer) return undefined;
    this.#check(end - start);
    return { answer: finish(this.#rest.subarray(start, end)), end: end + trailer };
  }

  #check(length: number): number {
    if (length <= this.#maxBytes) return length;
    throw new MalformedAnswerError(`expected an answer of at most ${this.#maxBytes} bytes (\`max_buffer\`), found ${length}`);
  }
}

/** Bytes that stand around an answer. */
const MAX_FRAME_BYTES = 22;

const withoutReturn = (line: Buffer): Buffer => (line.at(-1) === 13 ? line.subarray(0, -1) : line);
