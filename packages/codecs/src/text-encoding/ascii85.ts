import { BloblangError } from '@sluice/values';

/** Bytes as Ascii85 without `<~ ~>`; four zero bytes become `z`. */
export function encodeAscii85(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 4) * 5);
  let length = 0;
  for (let start = 0; start < bytes.length; start += 4) {
    const size = Math.min(4, bytes.length - start);
    let group = 0;
    for (let index = 0; index < 4; index++) group = group * 256 + (bytes[start + index] ?? 0);
    if (group === 0 && size === 4) {
      text[length++] = 0x7a;
      continue;
    }
    for (let index = 4; index >= 0; index--) {
      text[length + index] = 0x21 + (group % 85);
      group = Math.floor(group / 85);
    }
    length += size + 1;
  }
  return Buffer.from(text.buffer, 0, length).toString('latin1');
}

/**
 * The bytes that Ascii85 stands for; spaces and control characters are skipped. A group beyond 32 bits wraps.
 * Throws with Go's text.
 */
export function decodeAscii85(bytes: Uint8Array): Uint8Array {
  const output = Buffer.alloc(bytes.length * 4 + 4);
  let length = 0;
  let group = 0;
  let count = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (byte <= 0x20) continue;
    if (byte === 0x7a && count === 0) {
      count = 5;
      group = 0;
    } else if (byte >= 0x21 && byte <= 0x75) {
      group = (Math.imul(group, 85) + byte - 0x21) >>> 0;
      count++;
    } else {
      throw corrupt(index);
    }
    if (count < 5) continue;
    length = output.writeUInt32BE(group, length);
    group = 0;
    count = 0;
  }
  // What is left over is decoded by itself, so the offset does not count what came before.
  if (count === 1) throw corrupt(1);
  if (count > 0) {
    for (let index = count; index < 5; index++) group = (Math.imul(group, 85) + 84) >>> 0;
    output.writeUInt32BE(group, length);
    length += count - 1;
  }
  return output.subarray(0, length);
}

const corrupt = (offset: number): BloblangError => new BloblangError(`illegal ascii85 data at input byte ${offset}`);
