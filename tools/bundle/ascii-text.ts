import type { Plugin } from 'rolldown';

const BEYOND_ASCII = /[^\p{ASCII}]/gu;
const RAW_TEMPLATE = /String\.raw`[^`]*`/g;

/**
 * Writes characters beyond ASCII as escapes. V8 keeps the text of all code that is loaded, and twice the bytes of it where a single
 * character is not ASCII. Strings, templates, regular expressions and names mean the same with escapes; columns of a source map shift by
 * the few characters of an escape before them in the same line.
 * @throws {Error} a raw template has such a character: there an escape would mean itself
 */
export const asciiText: Plugin = {
  name: 'ascii-text',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = inAscii(chunk.code, chunk.fileName);
  },
};

function inAscii(code: string, file: string): string {
  const raw = code.match(RAW_TEMPLATE)?.find((template) => template.search(BEYOND_ASCII) >= 0);
  if (raw !== undefined) throw new Error(`${file}: expected ASCII in String.raw, found ${raw.slice(0, 80)}`);
  return code.replaceAll(BEYOND_ASCII, escaped);
}

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
