import { asBuffer, BloblangError } from '@sluice/values';

export const encodeHex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex');

/** The bytes that pairs of hexadecimal digits stand for. Throws with Go's text for another character and for half a byte. */
export function decodeHex(bytes: Uint8Array): Uint8Array {
  const text = asBuffer(bytes).toString('latin1');
  const fault = /[^0-9a-fA-F]/.exec(text);
  if (fault !== null) throw new BloblangError(`encoding/hex: invalid byte: ${describeByte(fault[0].charCodeAt(0))}`);
  if (text.length % 2 !== 0) throw new BloblangError('unexpected EOF');
  return Buffer.from(text, 'hex');
}

/** A byte as Go's `%#U` prints it: `U+007A 'z'`. */
export function describeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  const point = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character) ? `${point} '${character}'` : point;
}
