import {
  BloblangError,
  checkLength,
  goTypeName,
  isArray,
  isNull,
  isNumber,
  isObject,
  sortedKeys,
  toGoText,
  toText,
  type Value,
  type ValueObject,
} from '@sluice/values';

/** Wraps what has not one root. */
const DEFAULT_ROOT = 'doc';
const TEXT_KEY = '#text';
const MAX_DEPTH = 2_000;

/** An object as XML; `indent` is what one level is indented by, undefined for all on one line. */
export function formatXml(object: ValueObject, indent: string | undefined): string {
  const writer = new XmlWriter(indent);
  const keys = Object.keys(object);
  const root = keys.length === 1 ? object[keys[0]!]! : undefined;
  if (root === undefined || (isArray(root) && !canBeRoots(root, indent))) writer.write(DEFAULT_ROOT, object, 0);
  else writer.write(keys[0]!, root, 0);
  return writer.output;
}

/** On one line, the objects of an array stand side by side without a root. */
const canBeRoots = (values: readonly Value[], indent: string | undefined): boolean => indent === undefined && values.every(isObject);

class XmlWriter {
  output = '';
  private readonly indent: string | undefined;

  constructor(indent: string | undefined) {
    this.indent = indent;
  }

  write(key: string, value: Value, depth: number): void {
    if (depth > MAX_DEPTH) throw new BloblangError('exceeded max depth');
    if (isArray(value)) {
      this.array(key, value, depth);
      return;
    }
    this.pad(depth);
    if (isObject(value)) this.object(key, value, depth);
    else this.append(isNull(value) || value === '' ? `<${key}/>` : `<${key}>${scalarText(value)}</${key}>`);
    if (depth > 0) this.breakLine();
  }

  /** One element each; an array within an array only indents them further. */
  private array(key: string, values: readonly Value[], depth: number): void {
    for (const value of values) this.write(key, value, depth + Number(isArray(value) && this.indent !== undefined));
    if (values.length > 0) return;
    // The original indents within the tag as well, and forgets the line break right below the root.
    this.pad(depth);
    this.append(`<${key}`);
    this.pad(depth - 1);
    this.append('/>');
    if (depth > 1) this.breakLine();
  }

  private object(key: string, object: ValueObject, depth: number): void {
    const keys = sortedKeys(object);
    const attributes = keys.filter(isAttribute).map((name) => attribute(name, object[name]!));
    this.append(`<${key}${attributes.join('')}`);
    if (attributes.length === keys.length) {
      this.append('/>');
    } else {
      this.append('>');
      this.content(object, keys, depth);
      this.append(`</${key}>`);
    }
  }

  private content(object: ValueObject, keys: readonly string[], depth: number): void {
    if (Object.hasOwn(object, TEXT_KEY)) this.append(goText(object[TEXT_KEY]!));
    const elements = keys.filter((name) => name !== TEXT_KEY && !isAttribute(name));
    if (elements.length === 0) return;
    this.breakLine();
    for (const name of elements) this.write(name, object[name]!, depth + 1);
    this.pad(depth);
  }

  private append(text: string): void {
    this.output += text;
    checkLength(this.output.length);
  }

  private pad(depth: number): void {
    if (this.indent !== undefined && depth > 0) this.append(this.indent.repeat(depth));
  }

  private breakLine(): void {
    if (this.indent !== undefined) this.append('\n');
  }
}

const isAttribute = (key: string): boolean => key.length > 1 && key.startsWith('-');

function attribute(key: string, value: Value): string {
  if (typeof value === 'string' || typeof value === 'boolean' || isNumber(value)) return ` ${key.slice(1)}="${goText(value)}"`;
  throw new BloblangError(`invalid attribute value for: ${key}:<${goTypeName(value)}>`);
}

const goText = (value: Value): string => (typeof value === 'string' ? value : toGoText(value));

const scalarText = (value: Value): string => (isNumber(value) ? toGoText(value) : toText(value));
