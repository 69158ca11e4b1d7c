import { decodeText, encodeText } from './text.ts';

const ESCAPE = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
const SHORT: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"' };

/** What a Go string or character literal stands for (`strconv.Unquote`); undefined if it is none. */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  if (literal.length < 2 || mark !== literal.at(-1)) return undefined;
  const body = literal.slice(1, -1);
  if (mark === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '');
  if (mark !== '"' && mark !== "'") return undefined;
  const text = expandEscapes(body, mark);
  return mark === "'" && text !== undefined && [...text].length !== 1 ? undefined : text;
}

function expandEscapes(body: string, mark: string): string | undefined {
  let text = '';
  let hasBytes = false;
  for (let position = 0; position < body.length; ) {
    const character = body[position]!;
    if (character === mark || character === '\n') return undefined;
    if (character !== '\\') {
      text += character;
      position++;
      continue;
    }
    ESCAPE.lastIndex = position;
    const [all, short, hex, octal, unicode, long] = ESCAPE.exec(body) ?? [];
    if (all === undefined || (short !== undefined && short !== mark && (short === '"' || short === "'"))) return undefined;
    const byte = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : undefined;
    const code = byte ?? Number.parseInt(unicode ?? long ?? '0', 16);
    if (code > 0x10ffff || (byte !== undefined ? byte > 0xff : code >= 0xd800 && code <= 0xdfff)) return undefined;
    hasBytes ||= byte !== undefined && byte > 0x7f;
    text +=
      short !== undefined
        ? SHORT[short]
        : byte !== undefined && byte > 0x7f
          ? String.fromCharCode(0xdc00 + byte)
          : String.fromCodePoint(code);
    position += all.length;
  }
  return hasBytes ? decodeText(encodeText(text)) : text;
}
