/**
 * The event stream in which SubscribeToShard answers: messages with a prelude, headers that are texts, a payload, and two checksums.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { crc32 } from 'node:zlib';
import type { ReplyBody } from '../protocol/encoding.ts';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** Of a header's value: a text with its length in two bytes. */
const TEXT = 7;

/** An event of this type, with a payload in `contentType`. */
export const eventMessage = (type: string, contentType: string, payload: ReplyBody): Buffer =>
  message({ ':message-type': 'event', ':event-type': type, ':content-type': contentType }, payload);

/** An error that ends a stream. */
export const exceptionMessage = (type: string, contentType: string, payload: ReplyBody): Buffer =>
  message({ ':message-type': 'exception', ':exception-type': type, ':content-type': contentType }, payload);

function message(headers: Readonly<Record<string, string>>, payload: ReplyBody): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const total = PRELUDE_BYTES + head.length + body.length + CHECKSUM_BYTES;
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, PRELUDE_BYTES);
  body.copy(bytes, PRELUDE_BYTES + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, total - CHECKSUM_BYTES)), total - CHECKSUM_BYTES);
  return bytes;
}

function header(name: string, value: string): Buffer {
  const bytes = Buffer.alloc(1 + name.length + 3 + Buffer.byteLength(value));
  bytes.writeUInt8(name.length, 0);
  bytes.write(name, 1, 'latin1');
  bytes.writeUInt8(TEXT, 1 + name.length);
  bytes.writeUInt16BE(Buffer.byteLength(value), 2 + name.length);
  bytes.write(value, 4 + name.length);
  return bytes;
}
