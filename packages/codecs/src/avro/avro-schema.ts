/** Avro schemas as JSON has them, and the names in them. */
import { BloblangError } from '@sluice/values';

export interface Definition {
  readonly type: unknown;
  readonly name: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly fields?: readonly { readonly name: string; readonly type: unknown; readonly default?: unknown }[];
  readonly items?: unknown;
  readonly values?: unknown;
  readonly symbols?: readonly string[];
  readonly size?: number;
}

const PRIMITIVES: ReadonlySet<string> = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);

const NAMED: ReadonlySet<unknown> = new Set(['record', 'error', 'enum', 'fixed']);

/** Logical types that the original names in unions, by the types that they stand on. */
const LOGICAL: Readonly<Record<string, readonly string[]>> = {
  int: ['date', 'time-millis'],
  long: ['time-micros', 'timestamp-millis', 'timestamp-micros'],
  bytes: ['decimal'],
};

export const fullName = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

export const nameOf = ({ name, namespace }: Definition, outer: string): string => fullName(name, namespace ?? outer);

/** Of the names inside of a definition. */
export const namespaceOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** What the decoder calls a branch of a union. */
export function branchOf(schema: unknown, namespace: string): string {
  if (typeof schema === 'string') return PRIMITIVES.has(schema) ? schema : fullName(schema, namespace);
  const definition = schema as Definition;
  return definition.name === undefined ? String(definition.type) : nameOf(definition, namespace);
}

/** What the document calls it. */
export function keyOf(schema: unknown, namespace: string): string {
  const { type = '', logicalType = '' } = (typeof schema === 'object' ? schema : {}) as Partial<Definition>;
  return LOGICAL[String(type)]?.includes(logicalType) ? `${type}.${logicalType}` : branchOf(schema, namespace);
}

/**
 * Schemas of which each may name types that those before it define.
 * @throws {BloblangError} a text is no schema: what was expected, and where
 */
export function readAvroSchemas(texts: readonly string[]): readonly unknown[] {
  const names = new Set<string>();
  return texts.map((text) => {
    const schema = parse(text);
    check(schema, { names, namespace: '', path: 'the schema' });
    return schema;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BloblangError(`expected an Avro schema, found no JSON: ${(error as Error).message}`);
  }
}

interface Place {
  readonly names: Set<string>;
  readonly namespace: string;
  readonly path: string;
}

function check(schema: unknown, place: Place): void {
  if (Array.isArray(schema)) {
    for (const [index, branch] of schema.entries()) check(branch, at(place, index));
    return;
  }
  if (typeof schema === 'string') {
    checkName(schema, place);
    return;
  }
  if (typeof schema !== 'object' || schema === null) refuse('expected a type', place);
  const definition = schema as Definition;
  if (NAMED.has(definition.type)) checkNamed(definition, place);
  else if (definition.type === 'array') check(definition.items, at(place, 'items'));
  else if (definition.type === 'map') check(definition.values, at(place, 'values'));
  else check(definition.type, at(place, 'type'));
}

function checkNamed(definition: Definition, place: Place): void {
  if (typeof definition.name !== 'string') refuse('expected a `name`', place);
  const name = nameOf(definition, place.namespace);
  place.names.add(name);
  if (definition.type === 'enum' && !Array.isArray(definition.symbols)) refuse('expected `symbols`', place);
  if (definition.type === 'fixed' && !Number.isInteger(definition.size)) refuse('expected a `size`', place);
  if (definition.type === 'enum' || definition.type === 'fixed') return;
  if (!Array.isArray(definition.fields)) refuse('expected `fields`', place);
  for (const field of definition.fields) {
    if (typeof field?.name !== 'string') refuse('expected a field with a `name`', place);
    check(field.type, { ...at(place, field.name), namespace: namespaceOf(name) });
  }
}

function checkName(name: string, place: Place): void {
  if (PRIMITIVES.has(name) || place.names.has(fullName(name, place.namespace)) || place.names.has(name)) return;
  refuse(`expected a known type, found \`${name.length > 100 ? `${name.slice(0, 100)}…` : name}\``, place);
}

const at = (place: Place, step: string | number): Place => ({ ...place, path: `${place.path}.${step}` });

function refuse(reason: string, { path }: Place): never {
  throw new BloblangError(`expected an Avro schema: ${reason} at ${path}`);
}
