import { BloblangError, byteLength, setKey, type ValueObject } from '@sluice/values';

/** The fields of all lines of a text. Throws BloblangError. */
export function readLogfmt(text: string): ValueObject {
  const fields: ValueObject = {};
  text.split(/\r?\n/).forEach((line, place) => {
    readLine(line, place + 1, fields);
  });
  return fields;
}

/** Spaces and control characters stand between fields. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: so the format has it.
const GAP = /[\u0000- ]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: so the format has it.
const WORD = /[^\u0000- ="]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

function readLine(line: string, lineNumber: number, fields: ValueObject): void {
  let position = 0;
  const failure = (index: number, problem: string): BloblangError => {
    const place = `pos ${byteLength(line.slice(0, index)) + 1} on line ${lineNumber}`;
    return new BloblangError(`failed to parse value as logfmt: logfmt syntax error at ${place}: ${problem}`);
  };
  const read = (pattern: RegExp): string => {
    pattern.lastIndex = position;
    const found = pattern.exec(line)?.[0] ?? '';
    position += found.length;
    return found;
  };
  for (read(GAP); position < line.length; read(GAP)) {
    const key = read(WORD);
    const isBare = line[position] !== '=';
    if (line[position] === '"' || (key === '' && !isBare)) throw failure(position, `unexpected '${line[position]}'`);
    if (!isBare) position++;
    const start = position;
    if (isBare || line[position] !== '"') {
      setKey(fields, key, isBare ? '' : read(WORD));
      if (!isBare && /["=]/.test(line[position] ?? '')) throw failure(position, `unexpected '${line[position]}'`);
      continue;
    }
    const quoted = read(QUOTED);
    if (quoted === '') throw failure(line.length, 'unterminated quoted value');
    const text = unquote(quoted);
    if (text === undefined) throw failure(start + quoted.length, 'invalid quoted value');
    setKey(fields, key, text);
  }
}

/** A quoted text has the escapes of JSON, and `\'`. */
function unquote(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted.replace(/\\(.)/gs, (escaped, character) => (character === "'" ? "'" : escaped))) as string;
  } catch {
    return undefined;
  }
}
