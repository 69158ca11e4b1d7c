/** Bodies of `multipart/…` (RFC 2046), in which HTTP carries several contents. */
import { BloblangError } from '@sluice/values';

const LINE_END = '\r\n';
const HEADERS_END = Buffer.from('\r\n\r\n');

/** A body of one part for each content, each with the same headers. @param boundary stands in none of the contents */
export const packMultipart = (contents: readonly Uint8Array[], boundary: string, headers: readonly string[]): Uint8Array =>
  packParts(
    contents.map((content) => ({ headers, content })),
    boundary,
  );

/** A part of a multipart body; headers are whole lines. */
export interface Part {
  readonly headers: readonly string[];
  readonly content: Uint8Array;
}

/** The same, each part with headers of its own. */
export function packParts(parts: readonly Part[], boundary: string): Uint8Array {
  const bytes = parts.flatMap(({ headers, content }) => [
    Buffer.from([`--${boundary}`, ...headers, '', ''].join(LINE_END)),
    content,
    Buffer.from(LINE_END),
  ]);
  return Buffer.concat([...bytes, Buffer.from(`--${boundary}--${LINE_END}`)]);
}

/** The contents of the parts. @throws {BloblangError} the body does not end as it must */
export function unpackMultipart(body: Uint8Array, boundary: string): Uint8Array[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const contents: Uint8Array[] = [];
  let delimiter = delimiterFrom(bytes, 0, boundary);
  while (delimiter && !delimiter.isLast) {
    const next = delimiterFrom(bytes, delimiter.end, boundary);
    if (!next) break;
    contents.push(contentIn(bytes.subarray(delimiter.end, next.start)));
    delimiter = next;
  }
  if (!delimiter?.isLast) throw new BloblangError('multipart: NextPart: EOF');
  return contents;
}

/** What `Content-Type` names as the boundary; `undefined` where it is no `multipart/…`. */
export function boundaryIn(contentType: string): string | undefined {
  if (!/^\s*multipart\//i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

interface Delimiter {
  /** Of the line end before it. */
  readonly start: number;
  /** Behind its own line end. */
  readonly end: number;
  readonly isLast: boolean;
}

function delimiterFrom(bytes: Buffer, from: number, boundary: string): Delimiter | undefined {
  const mark = `--${boundary}`;
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    const isLineStart = at === 0 || bytes[at - 1] === 0x0a;
    if (!isLineStart) continue;
    const isLast = bytes.subarray(at + mark.length, at + mark.length + 2).toString() === '--';
    const lineEnd = bytes.indexOf('\n', at);
    if (!isLast && lineEnd < 0) return undefined;
    const start = at === 0 ? 0 : bytes[at - 2] === 0x0d ? at - 2 : at - 1;
    return { start, end: lineEnd < 0 ? bytes.length : lineEnd + 1, isLast };
  }
  return undefined;
}

function contentIn(part: Buffer): Uint8Array {
  if (part[0] === 0x0d && part[1] === 0x0a) return part.subarray(2);
  const end = part.indexOf(HEADERS_END);
  return end < 0 ? part.subarray(part.length) : part.subarray(end + HEADERS_END.length);
}
