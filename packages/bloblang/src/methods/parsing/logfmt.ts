import { defineMethod } from '../../registry/define-method.ts';
import { BloblangError } from '../../value/errors.ts';
import { setKey, type ValueObject } from '../../value/kinds.ts';
import { byteLength } from '../../value/text.ts';
import { textOf } from '../string/text.ts';

export const parseLogfmt = defineMethod('parse_logfmt', {
  category: 'Parsing',
  status: 'stable',
  description: 'The fields of a log line such as `level=info msg="hello world"`, as text. A key without a value has an empty one.',
  examples: [
    {
      mapping: 'root = this.line.parse_logfmt()',
      input: { line: 'at=2024-02-29T23:30:00Z msg="disk \\"sda\\" is full" used=99.5% urgent' },
      output: { at: '2024-02-29T23:30:00Z', msg: 'disk "sda" is full', urgent: '', used: '99.5%' },
    },
  ],
  evaluate: (value) => {
    const fields: ValueObject = {};
    textOf(value)
      .split(/\r?\n/)
      .forEach((line, place) => {
        readLine(line, place + 1, fields);
      });
    return fields;
  },
});

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
