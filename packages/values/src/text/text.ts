/**
 * Text and its bytes. A string of the language may hold bytes that are not UTF-8; such a byte 0x80–0xFF is kept as the lone
 * surrogate U+DC80–U+DCFF and turns back into the byte on the way out, so nothing is lost between `content()` and a raw body.
 */

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes as text; never fails. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithStrayBytes(bytes);
  }
}

/** Text as bytes, stray bytes restored. */
export function encodeText(text: string): Uint8Array {
  // Several times faster than a TextEncoder.
  return text.isWellFormed() ? Buffer.from(text) : encodeWithStrayBytes(text);
}

/** The number of bytes of a text. */
export function byteLength(text: string): number {
  return text.isWellFormed() ? Buffer.byteLength(text) : encodeWithStrayBytes(text).length;
}

/** The text with U+FFFD in place of each stray byte, as JSON output writes it. */
export const toWellFormed = (text: string): string => (text.isWellFormed() ? text : text.toWellFormed());

/** Whether each character is one byte, so that byte offsets are string offsets. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

function decodeWithStrayBytes(bytes: Uint8Array): string {
  let text = '';
  let start = 0;
  for (let index = 0; index < bytes.length; ) {
    const size = sequenceLength(bytes, index);
    if (size === 0) {
      text += strictDecoder.decode(bytes.subarray(start, index)) + String.fromCharCode(0xdc00 + bytes[index]!);
      start = ++index;
    } else {
      index += size;
    }
  }
  return text + strictDecoder.decode(bytes.subarray(start));
}

/** The length of the well-formed sequence that starts here, 0 if none does. */
function sequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index]!;
  if (first < 0x80) return 1;
  const size = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (size === 0 || index + size > bytes.length) return 0;
  for (let offset = 1; offset < size; offset++) {
    if ((bytes[index + offset]! & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[index + 1]!;
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isSurrogate = first === 0xed && second > 0x9f;
  const isBeyond = first === 0xf4 && second > 0x8f;
  return isOverlong || isSurrogate || isBeyond ? 0 : size;
}

function encodeWithStrayBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let size = 0;
  let start = 0;
  const copy = (end: number): void => {
    if (end > start) size += encoder.encodeInto(text.slice(start, end), bytes.subarray(size)).written;
  };
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      index++;
      continue;
    }
    copy(index);
    start = index + 1;
    if (unit >= 0xdc80 && unit <= 0xdcff) bytes[size++] = unit - 0xdc00;
    else size += encoder.encodeInto('\ufffd', bytes.subarray(size)).written;
  }
  copy(text.length);
  return bytes.slice(0, size);
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
