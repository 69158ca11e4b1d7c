import { BloblangError } from '@sluice/values';
import { describeByte } from './hex.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Bytes as Z85 (ZeroMQ RFC 32); their number must be a multiple of four. */
export function encodeZ85(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw misaligned();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let start = 0; start < bytes.length; start += 4) {
    const group = view.getUint32(start);
    for (let divisor = 85 ** 4; divisor >= 1; divisor /= 85) text += ALPHABET[Math.floor(group / divisor) % 85];
  }
  return text;
}

/** The bytes that Z85 stands for; the number of characters must be a multiple of five. A group beyond 32 bits wraps. */
export function decodeZ85(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 5 !== 0) throw misaligned();
  const output = Buffer.alloc((bytes.length / 5) * 4);
  for (let start = 0; start < bytes.length; start += 5) {
    let group = 0;
    for (const byte of bytes.subarray(start, start + 5)) {
      const digit = ALPHABET.indexOf(String.fromCharCode(byte));
      if (digit < 0) throw new BloblangError(`z85: invalid input byte: ${describeByte(byte)}`);
      group = (Math.imul(group, 85) + digit) >>> 0;
    }
    output.writeUInt32BE(group, (start / 5) * 4);
  }
  return output;
}

const misaligned = (): BloblangError => new BloblangError('z85: wrongly aligned input data');
