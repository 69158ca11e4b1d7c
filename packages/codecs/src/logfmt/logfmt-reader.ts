import { BloblangError, quote, setKey, type ValueObject } from '@sluice/values';

const KEY = /[^ =]*/y;
const BARE_VALUE = /[^ ]*/y;
const QUOTED_VALUE = /"((?:[^"\\]|\\.)*)"/sy;

/**
 * The fields of a text such as `level=info msg="hello world" urgent`: texts, and `true` for a key without a value. Only spaces stand
 * between fields, line breaks do not. Throws BloblangError for a quoted value without an end.
 */
export function readLogfmt(text: string): ValueObject {
  const fields: ValueObject = {};
  let position = 0;
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    position += found?.[0].length ?? 0;
    return found;
  };
  while (position < text.length) {
    if (text[position] === ' ') {
      position++;
      continue;
    }
    const [key] = read(KEY)!;
    const isFlag = text[position] !== '=';
    if (!isFlag) position++;
    let value: string | true = true;
    if (!isFlag && text[position] === '"') {
      const quoted = read(QUOTED_VALUE);
      if (quoted === null) throw new BloblangError(`logfmt: unterminated quoted value for key ${quote(key)}`);
      value = unescaped(quoted[1]!);
    } else if (!isFlag) {
      value = read(BARE_VALUE)![0];
    }
    if (key !== '') setKey(fields, key, value);
  }
  return fields;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
