import { encodeJson, isArray, isObject, sortedKeys, type Value } from '@sluice/values';

/** How a part of a document is told: added to what was expected, missing from it, or another value. */
export interface DifferenceStyle {
  readonly added: (text: string) => string;
  readonly missing: (text: string) => string;
  readonly changed: (text: string) => string;
}

const colored = (color: number) => (text: string) => `\u001b[0;${color}m${text}\u001b[0m`;

export const COLORED: DifferenceStyle = { added: colored(31), missing: colored(32), changed: colored(33) };

export const PLAIN: DifferenceStyle = {
  added: (text) => `${text} <- not expected`,
  missing: (text) => `${text} <- expected, and not there`,
  changed: (text) => `${text} <- expected`,
};

/** The document received, an element a line, with marks where it is not what was expected. */
export function jsonDifference(received: Value, expected: Value, style: DifferenceStyle, indent = ''): string {
  if (isObject(received) && isObject(expected)) {
    const names = sortedKeys({ ...received, ...expected });
    const lines = names.map((name) => line(name, `${JSON.stringify(name)}: `, { received, expected }, style, indent));
    return block('{', lines, '}', indent);
  }
  if (isArray(received) && isArray(expected)) {
    const indexes = Array.from({ length: Math.max(received.length, expected.length) }, (_, index) => String(index));
    const lists = { received: { ...received }, expected: { ...expected } } as Sides;
    return block(
      '[',
      indexes.map((index) => line(index, '', lists, style, indent)),
      ']',
      indent,
    );
  }
  const [before, after] = [encodeJson(received), encodeJson(expected)];
  return before === after ? before : style.changed(`${before} => ${after}`);
}

interface Sides {
  readonly received: Readonly<Record<string, Value>>;
  readonly expected: Readonly<Record<string, Value>>;
}

function line(name: string, prefix: string, { received, expected }: Sides, style: DifferenceStyle, indent: string): string {
  if (!Object.hasOwn(expected, name)) return style.added(prefix + encodeJson(received[name]!));
  if (!Object.hasOwn(received, name)) return style.missing(prefix + encodeJson(expected[name]!));
  return prefix + jsonDifference(received[name]!, expected[name]!, style, `${indent}    `);
}

const block = (open: string, lines: readonly string[], close: string, indent: string): string =>
  lines.length === 0 ? open + close : `${open}\n${lines.map((each) => `${indent}    ${each}`).join(',\n')}\n${indent}${close}`;
