import { BloblangError, Float64, isArray, setKey, type Value, type ValueObject } from '@sluice/values';
import { type XmlName, XmlReader, type XmlToken } from './xml-reader.ts';

const TEXT_KEY = '#text';
const MAX_DEPTH = 2_000;

/** An element that is open: its attributes and children, and the last text that came before any of them. */
interface OpenElement {
  readonly name: XmlName;
  readonly fields: ValueObject;
  text: Value | undefined;
}

/**
 * The first element of a document as an object, and in it attributes as `-name`, text beside others as `#text`, elements of the same
 * name as an array. With `casts`, what looks like a number or a bool becomes one. Throws BloblangError with the original's text.
 */
export function parseXml(source: string, casts: boolean): ValueObject {
  const reader = new XmlReader(source);
  const open: OpenElement[] = [];
  for (let token = nextToken(reader, open); ; token = nextToken(reader, open)) {
    if (token.kind === 'text') {
      addText(open.at(-1), token.text, casts);
      continue;
    }
    if (token.kind === 'start') {
      if (open.length >= MAX_DEPTH) throw new BloblangError('exceeded max depth');
      open.push({ name: token.name, fields: attributesOf(token, casts), text: undefined });
      if (!token.isEmpty) continue;
    }
    const root = token.kind === 'start' ? close(open) : closeUpTo(reader, open, token.name);
    if (root !== undefined) return root;
  }
}

function nextToken(reader: XmlReader, open: readonly OpenElement[]): XmlToken {
  try {
    const token = reader.next();
    if (token !== undefined) return token;
    if (open.length > 0) throw reader.fail('unexpected EOF');
  } catch (error) {
    throw error instanceof BloblangError ? fromDecoder(error) : error;
  }
  throw new BloblangError('EOF');
}

const fromDecoder = (error: BloblangError): BloblangError => new BloblangError(`xml.Decoder.Token() - ${error.message}`);

function attributesOf({ attributes }: XmlToken & { kind: 'start' }, casts: boolean): ValueObject {
  const fields: ValueObject = {};
  for (const { name, value } of attributes) setKey(fields, `-${name.local}`, cast(value, casts));
  return fields;
}

function addText(element: OpenElement | undefined, source: string, casts: boolean): void {
  const text = source.replace(/^[\t\r\b\n ]+|[\t\r\b\n ]+$/g, '');
  if (element === undefined || text === '') return;
  const value = cast(text, casts);
  if (Object.keys(element.fields).length > 0) setKey(element.fields, TEXT_KEY, value);
  else element.text = value;
}

/** An end tag ends all elements within the one that it names as well; the root if it names none. */
function closeUpTo(reader: XmlReader, open: OpenElement[], name: XmlName): ValueObject | undefined {
  for (;;) {
    const last = open.at(-1);
    if (last === undefined) throw fromDecoder(reader.fail(`unexpected end element </${name.local}>`));
    if (last.name.local === name.local) {
      if (last.name.prefix !== name.prefix) throw fromDecoder(reader.fail(spaceMismatch(last.name, name)));
      return close(open);
    }
    const root = close(open);
    if (root !== undefined) return root;
  }
}

const spaceMismatch = (start: XmlName, end: XmlName): string =>
  `element <${start.local}> in space ${start.prefix} closed by </${end.local}> in space ${end.prefix || '""'}`;

/** Ends the innermost element; returns the document if it was the last one. */
function close(open: OpenElement[]): ValueObject | undefined {
  const element = open.pop()!;
  const parent = open.at(-1);
  const content = contentOf(element);
  if (parent !== undefined) {
    addChild(parent.fields, element.name.local, content);
    return undefined;
  }
  const document: ValueObject = {};
  setKey(document, element.name.local, content);
  return document;
}

function contentOf({ fields, text }: OpenElement): Value {
  if (Object.keys(fields).length === 0) return text ?? '';
  if (text !== undefined) setKey(fields, TEXT_KEY, text);
  return fields;
}

function addChild(fields: ValueObject, name: string, content: Value): void {
  if (!Object.hasOwn(fields, name)) {
    setKey(fields, name, content);
    return;
  }
  const before = fields[name]!;
  if (isArray(before)) before.push(content);
  else setKey(fields, name, [before, content]);
}

const NUMBER = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE = new Set(['t', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['f', 'F', 'false', 'FALSE', 'False']);

function cast(text: string, casts: boolean): Value {
  if (!casts) return text;
  if (NUMBER.test(text)) {
    const number = Number(text.replaceAll('_', ''));
    if (Number.isFinite(number)) return new Float64(number);
  }
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : text;
}
