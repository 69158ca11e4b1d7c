import { type JsonSchema, variantsOf } from '@sluice/config';
import { flowText, quotedIfNeeded } from '../yaml-text/scalar-text.ts';
import { resolve } from './schema.ts';
import type { StartingDocument } from './starting-documents.ts';

const MAX_WIDTH = 110;

/**
 * The document as commented YAML. A full one also has every other field with its default; those without a default stand in
 * comments, with an example.
 */
export function renderDocument({ title, schema, content }: StartingDocument, isFull: boolean): string {
  const sections = new DocumentWriter(schema, isFull).sections(content);
  // An empty line before what has a comment of its own.
  const lines = sections.flatMap((section) => (section[0]!.startsWith('#') ? ['', ...section] : section));
  return `${[...comment(title, 0), ...lines].join('\n')}\n`;
}

class DocumentWriter {
  readonly #root: JsonSchema;
  readonly #isFull: boolean;

  constructor(root: JsonSchema, isFull: boolean) {
    this.#root = root;
    this.#isFull = isFull;
  }

  /** The lines of each field of the root. */
  sections(given: Readonly<Record<string, unknown>>): string[][] {
    const fields = Object.entries(this.#root.properties ?? {});
    return fields.map(([name, field]) => this.#field(name, resolve(field, this.#root), given[name], 0)).filter(({ length }) => length > 0);
  }

  /** The fields of an object in the schema's order, then those that go by an id. */
  fields(schema: JsonSchema, given: Readonly<Record<string, unknown>>, depth: number): string[] {
    const known = Object.entries(schema.properties ?? {}).filter(
      ([name]) => !isComponent(schema) || isOwn(name) || Object.hasOwn(given, name),
    );
    const byId = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const others = Object.keys(given).filter((name) => !schema.properties || !Object.hasOwn(schema.properties, name));
    return [
      ...known.flatMap(([name, field]) => this.#field(name, resolve(field, this.#root), given[name], depth)),
      ...others.flatMap((name) => this.#field(name, byId ?? {}, given[name], depth)),
    ];
  }

  #field(name: string, schema: JsonSchema, given: unknown, depth: number): string[] {
    if (given === undefined && (!this.#isFull || isIdle(name, schema))) return [];
    const about = comment(describe(schema), depth);
    const head = `${'  '.repeat(depth)}${quotedIfNeeded(name)}:`;
    const value = given ?? schema.default;
    if (isObject(schema) && (given !== undefined || schema.default !== undefined || !hasRequired(schema))) {
      const below = this.fields(schema, (value ?? {}) as Readonly<Record<string, unknown>>, depth + 1);
      if (below.every((line) => line.trimStart().startsWith('#'))) return below.length === 0 ? [] : [...about, `${head} {}`, ...below];
      return [...about, head, ...below];
    }
    if (given !== undefined && Array.isArray(given) && given.some((item) => typeof item === 'object'))
      return [...about, head, ...given.flatMap((item) => this.#item(schema, item as Readonly<Record<string, unknown>>, depth + 1))];
    if (value === undefined) return [...about, `${'  '.repeat(depth)}# ${quotedIfNeeded(name)}: ${exampleOf(schema)}`];
    return [...about, `${head} ${flowText(value)}`, ...otherForms(schema, value, depth)];
  }

  #item(schema: JsonSchema, item: Readonly<Record<string, unknown>>, depth: number): string[] {
    const items = resolve(schema.items ?? {}, this.#root);
    const lines = new DocumentWriter(this.#root, this.#isFull && !items.properties?.['mapping']).fields(items, item, depth + 1);
    const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
    const indent = '  '.repeat(depth);
    return lines.map((line, index) => (index > first ? line : `${indent}${index === first ? '- ' : ''}${line.trimStart()}`));
  }
}

/** A component is one of many: those that are not given are no part of a document, and they nest without end. */
const isComponent = (schema: JsonSchema): boolean => schema.properties?.['plugin'] !== undefined;

/** What every component has. */
const isOwn = (name: string): boolean => name === 'label' || name === 'processors';

const isObject = (schema: JsonSchema): boolean => schema.properties !== undefined || typeof schema.additionalProperties === 'object';

const hasRequired = ({ required }: JsonSchema): boolean => (required ?? []).length > 0;

/** What stands round a component and is rarely wanted. */
const RARE = new Set(['type', 'plugin', 'meta', 'resource', 'tests']);

/** Fields that do nothing here, or that hold anything at all. */
function isIdle(name: string, schema: JsonSchema): boolean {
  const isOpaque =
    schema.type === undefined && schema.default === undefined && schema.const === undefined && variantsOf(schema).length === 0;
  return isOpaque || RARE.has(name) || /^(Without effect|Accepted|Ignored)/.test(schema.description ?? '');
}

function describe({ description = '', enum: options, examples }: JsonSchema): string {
  const missing = (options ?? []).filter((option) => !description.includes(String(option)));
  return [
    description,
    options && missing.length > 0 ? `One of ${options.join(', ')}.` : '',
    examples && examples.length > 0 && !options ? `For example ${flowText(examples[0])}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Stands in a comment, so it need not be valid. */
function exampleOf(schema: JsonSchema): string {
  const [example] = schema.examples ?? [];
  if (example !== undefined) return flowText(example);
  if (schema.enum) return flowText(schema.enum[0]);
  const [variant] = variantsOf(schema);
  if (variant) return exampleOf(variant);
  if (isObject(schema))
    return flowText(Object.fromEntries((schema.required ?? []).map((name) => [name, shape(schema.properties?.[name] ?? {})])));
  return schema.type === 'array' || schema.items ? '[]' : '…';
}

const shape = (schema: JsonSchema): unknown =>
  schema.const ?? schema.examples?.[0] ?? schema.default ?? (schema.items ? [shape(schema.items)] : '…');

/** The variants of the field that are not written. */
function otherForms(schema: JsonSchema, value: unknown, depth: number): string[] {
  const chosen = (value as { type?: unknown } | undefined)?.type;
  return variantsOf(schema)
    .filter(({ properties }) => properties?.['type']?.const !== undefined && properties['type'].const !== chosen)
    .map((variant) => `${'  '.repeat(depth)}# or ${exampleOf(variant)}`);
}

function comment(text: string, depth: number): string[] {
  const indent = `${'  '.repeat(depth)}#`;
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= MAX_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent} ${word}`);
  }
  return lines;
}
