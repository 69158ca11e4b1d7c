/**
 * The frame of a message in an event stream: a prelude of three numbers, headers, a payload, and a checksum over all of it.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { crc32 } from 'node:zlib';

export const PRELUDE_BYTES = 12;
export const CHECKSUM_BYTES = 4;
/** The service's own limit for a message; a length beyond it is not believed. */
const MAX_MESSAGE_BYTES = 24 * 1024 * 1024;

export interface Prelude {
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** @throws {Error} the bytes are no prelude */
export function readPrelude(bytes: Buffer): Prelude {
  const total = bytes.readUInt32BE(0);
  const headerBytes = bytes.readUInt32BE(4);
  const payloadBytes = total - headerBytes - PRELUDE_BYTES - CHECKSUM_BYTES;
  const isSound = crc32(bytes.subarray(0, 8)) === bytes.readUInt32BE(8) && total <= MAX_MESSAGE_BYTES && payloadBytes >= 0;
  if (!isSound) throw new Error('expected the prelude of a message in an event stream');
  return { headerBytes, payloadBytes };
}

/** @throws {Error} a checksum is wrong: what came is not what was sent */
export function assertWhole(prelude: Buffer, headers: Buffer, payload: Buffer, checksum: Buffer): void {
  const sum = crc32(payload, crc32(headers, crc32(prelude)));
  if (sum !== checksum.readUInt32BE(0)) throw new Error('expected a message whose checksum is right');
}

const BYTES_OF_VALUE: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const BYTE_ARRAY = 6;
const TEXT = 7;

/**
 * Those headers whose values are texts, by name.
 * @throws {Error} the bytes are no headers
 */
export function readHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    at = nameEnd + 1;
    if (type === TEXT || type === BYTE_ARRAY) {
      const end = at + 2 + bytes.readUInt16BE(at);
      if (type === TEXT) headers.set(name, bytes.toString('utf8', at + 2, end));
      at = end;
    } else {
      const length = BYTES_OF_VALUE[type];
      if (length === undefined) throw new Error(`expected a header of a known type, got type ${type}`);
      at += length;
    }
  }
  return headers;
}
