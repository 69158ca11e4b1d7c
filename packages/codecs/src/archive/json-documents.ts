import { parseJson, type Value } from '@sluice/values';

const SPACE = /\s*/y;
const SCALAR = /[^\s{["]*/y;

/** JSON documents one after the other, whatever space is between them. Throws `BloblangError` if one of them is none. */
export function* readJsonDocuments(content: Uint8Array): Generator<Value> {
  const text = Buffer.from(content).toString();
  for (let start = endOfMatch(SPACE, text, 0); start < text.length; ) {
    const end = endOfDocument(text, start);
    yield parseJson(text.slice(start, end));
    start = endOfMatch(SPACE, text, end);
  }
}

/** Whether the document is right is left to the parser. */
function endOfDocument(text: string, start: number): number {
  const first = text[start]!;
  if (first === '"') return endOfString(text, start);
  return first === '{' || first === '[' ? endOfBracket(text, start) : endOfMatch(SCALAR, text, start);
}

function endOfBracket(text: string, start: number): number {
  let depth = 0;
  for (let offset = start; offset < text.length; offset++) {
    const character = text[offset]!;
    if (character === '"') offset = endOfString(text, offset) - 1;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return offset + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let offset = start + 1; offset < text.length; offset++) {
    if (text[offset] === '\\') offset++;
    else if (text[offset] === '"') return offset + 1;
  }
  return text.length;
}

function endOfMatch(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return start + (pattern.exec(text)?.[0].length ?? 0);
}
