import { encodeText } from '../text/text.ts';

/** A text as Go's time package quotes it in errors: whatever is not ASCII byte by byte. */
export function quoteForTime(text: string): string {
  let quoted = '';
  for (const byte of encodeText(text)) {
    if (byte >= 0x80 || byte < 0x20) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += (byte === 0x22 || byte === 0x5c ? '\\' : '') + String.fromCharCode(byte);
  }
  return `"${quoted}"`;
}
