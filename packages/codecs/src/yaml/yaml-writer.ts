/** Values to YAML as Go's yaml.v3 writes it: blocks indented by four, keys sorted so that numbers within them count, no line ever folded. */
import {
  AnyKeyObject,
  BloblangError,
  checkLength,
  Float64,
  floatText,
  isArray,
  isNumber,
  isObject,
  JsonNumber,
  SizedInteger,
  Timestamp,
  toGoText,
  Uint64,
  type Value,
} from '@sluice/values';
import { compareYamlKeys } from './yaml-key-order.ts';
import { type ScalarText, scalarText } from './yaml-text.ts';

const INDENT = 4;

type Parent = 'document' | 'sequence' | 'mapping';

export function writeYaml(value: Value): string {
  try {
    return `${node(value, -1, 'document').trimStart()}\n`;
  } catch (error) {
    if (error instanceof RangeError) throw new BloblangError('yaml: exceeded max depth');
    throw error;
  }
}

/** A node with the space or line break that goes before it; `indent` is that of the block it is in. */
function node(value: Value, indent: number, parent: Parent): string {
  const entries = entriesOf(value);
  if (entries !== undefined) return entries.length === 0 ? ' {}' : mapping(entries, indent, parent);
  if (isArray(value) || value instanceof Uint8Array) return value.length === 0 ? ' []' : sequence([...value], indent, parent);
  return ` ${scalar(scalarOf(value), indent, parent)}`;
}

function entriesOf(value: Value): (readonly [Value, Value])[] | undefined {
  if (value instanceof AnyKeyObject) return value.entries.toSorted(([a], [b]) => compareYamlKeys(a, b));
  if (!isObject(value)) return undefined;
  return Object.entries(value).sort(([a], [b]) => compareYamlKeys(a, b));
}

/** Within an item of a sequence a block begins behind the dash, elsewhere at the next multiple of four. */
function blockIndent(indent: number, parent: Parent): number {
  if (parent === 'document') return 0;
  return parent === 'sequence' ? indent + 2 : INDENT * Math.floor((indent + INDENT) / INDENT);
}

const line = (indent: number): string => `\n${' '.repeat(indent)}`;

/** The items of a block; the first one follows the dash that it stands behind. */
function block(items: readonly string[], indent: number, parent: Parent): string {
  const text = items.join(line(indent));
  checkLength(text.length);
  return (parent === 'sequence' ? ' ' : line(indent)) + text;
}

function sequence(values: readonly (Value | number)[], parentIndent: number, parent: Parent): string {
  const indent = blockIndent(parentIndent, parent);
  const items = values.map((value) => `-${node(value, indent, 'sequence')}`);
  return block(items, indent, parent);
}

function mapping(entries: readonly (readonly [Value, Value])[], parentIndent: number, parent: Parent): string {
  const indent = blockIndent(parentIndent, parent);
  const items = entries.map(([key, value]) => entry(scalarOf(key), value, indent));
  return block(items, indent, parent);
}

/** A key that is too long or of several lines is written as `? key` and `: value`. */
function entry(key: ScalarText, value: Value, indent: number): string {
  if (key.isSimpleKey) return `${scalar(key, indent, 'mapping')}:${node(value, indent, 'mapping')}`;
  const written = node(value, indent, 'mapping');
  const gap = line(blockIndent(indent, 'mapping'));
  const behindColon = written.startsWith(gap) ? ' '.repeat(gap.length - indent - 2) + written.slice(gap.length) : written;
  return `? ${scalar(key, indent, 'mapping')}${line(indent)}:${behindColon}`;
}

/** A scalar in its style; one of several lines goes below its `|`. */
function scalar({ text, tag, style }: ScalarText, indent: number, parent: Parent): string {
  const prefix = tag === '' ? '' : `${tag} `;
  if (style !== 'literal') return prefix + text;
  const inner = ' '.repeat(parent === 'document' ? INDENT : blockIndent(indent, parent));
  const [header, ...lines] = text.split('\n') as [string, ...string[]];
  return [prefix + header, ...lines.map((part) => (part === '' ? '' : inner + part))].join('\n');
}

function scalarOf(value: Value): ScalarText {
  if (typeof value === 'string') return scalarText(value);
  // A number of a document is a text to the original, which is then quoted for looking like a number.
  if (typeof value === 'number' || value instanceof JsonNumber) return scalarText(toGoText(value));
  const text = plainText(value);
  return { text, tag: '', style: 'plain', isSimpleKey: true };
}

function plainText(value: Value): string {
  if (value === null) return 'null';
  if (value instanceof Float64)
    return Number.isFinite(value.value) ? floatText(value) : Number.isNaN(value.value) ? '.nan' : value.value > 0 ? '.inf' : '-.inf';
  if (value instanceof Uint64 || value instanceof SizedInteger) return value.value.toString();
  if (value instanceof Timestamp || typeof value === 'boolean' || isNumber(value)) return String(value);
  return '{}';
}
