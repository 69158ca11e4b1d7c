/** How much of a record is shown; the rest is for the command line. */
const MOST_BYTES = 16_384;

export const decodeBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** The data as text, or `undefined` where it is none. JSON is indented. */
export function textOf(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  // Control characters other than tab and line ends are not text.
  if (/[^\P{Cc}\t\n\r]/u.test(text)) return undefined;
  return cut(indented(text), text.length);
}

function indented(text: string): string {
  if (!/^\s*[[{]/.test(text) || text.length > MOST_BYTES) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const cut = (text: string, length: number): string =>
  text.length <= MOST_BYTES ? text : `${text.slice(0, MOST_BYTES)}\n… ${length - MOST_BYTES} characters more`;

/** Lines of offset, sixteen bytes, and their ASCII, as `hexdump -C` writes them. */
export function hexOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, MOST_BYTES / 4);
  const lines: string[] = [];
  for (let offset = 0; offset < shown.length; offset += 16) {
    const row = [...shown.subarray(offset, offset + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  if (bytes.length > shown.length) lines.push(`… ${bytes.length - shown.length} bytes more`);
  return lines.join('\n');
}
