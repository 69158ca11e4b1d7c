// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const NEEDS_ESCAPE = /["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/;

/** Escapes as the engine writes them, half characters among them, and characters that Go escapes and the engine does not. */
const GO_ESCAPES = /\\(?:u(d[89a-f][0-9a-f]{2})|.)|[\u2028\u2029]/g;
const LINE_SEPARATORS: Readonly<Record<string, string>> = { '\u2028': '\\u2028', '\u2029': '\\u2029' };

/** Up to this length it is quicker to look at each character than to ask the regular expression. */
const SHORT = 24;

function needsEscape(text: string): boolean {
  if (text.length > SHORT) return NEEDS_ESCAPE.test(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0x2028) return NEEDS_ESCAPE.test(text);
  }
  return false;
}

/** Whether JSON of the engine's is Go's, too: Go escapes line separators, and a half character is U+FFFD there where the engine escapes it. */
export const isAsGoWouldWrite = (json: string): boolean => !/[\u2028\u2029]/.test(json) && !json.includes('\\ud');

/** A text as a JSON string. */
export function encodeJsonString(text: string): string {
  if (!needsEscape(text)) return `"${text}"`;
  const written = JSON.stringify(text);
  if (isAsGoWouldWrite(written)) return written;
  return written.replace(GO_ESCAPES, (piece, surrogate) => (surrogate === undefined ? (LINE_SEPARATORS[piece] ?? piece) : '\\ufffd'));
}
