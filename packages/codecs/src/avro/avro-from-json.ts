/** Reads Avro's JSON encoding, as `avro-json.ts` writes it. */
import { BloblangError, INT64_MAX, INT64_MIN, isObject, JsonNumber, type Value } from '@sluice/values';
import type { Definition } from './avro-schema.ts';
import { type Branch, type Field, type Maker, makeOfAvro } from './avro-types.ts';

type FromJson = (value: Value, path: string) => unknown;

/**
 * Reads documents of the last of the schemas, which have been checked. What it answers throws BloblangError where a document does not fit;
 * fields that the schema does not have are left out, and those that have a default may be absent.
 */
export function avroOfJson(schemas: readonly unknown[]): (document: Value) => unknown {
  const read = makeOfAvro(schemas, READERS);
  return (document) => read(document, 'the document');
}

const READERS: Maker<FromJson> = {
  primitives: {
    null: (value, path) => (value === null ? null : refuse('null', path)),
    boolean: (value, path) => (typeof value === 'boolean' ? value : refuse('boolean', path)),
    int: (value, path) => Number(integer(value, 'int', path, -(2n ** 31n), 2n ** 31n - 1n)),
    long: (value, path) => integer(value, 'long', path, INT64_MIN, INT64_MAX),
    float: (value, path) => float(value, 'float', path),
    double: (value, path) => float(value, 'double', path),
    bytes: (value, path) => bytes(value, 'bytes', path),
    string: (value, path) => (typeof value === 'string' ? value : refuse('string', path)),
  },
  array: (item) => (value, path) =>
    Array.isArray(value) ? value.map((one, index) => item(one, `${path}[${index}]`)) : refuse('array', path),
  map: (member) => (value, path) => collect(members(value, 'map', path).map(([key, one]) => [key, member(one, `${path}.${key}`)])),
  record: recordOf,
  enum: enumOf,
  fixed: fixedOf,
  union: unionOf,
  named: (find) => (value, path) => find()(value, path),
};

function recordOf(fields: readonly Field<FromJson>[]): FromJson {
  return (value, path) => {
    const given = new Map(members(value, 'record', path));
    return collect(
      fields.flatMap(({ name, made, hasDefault }) => {
        const one = given.get(name);
        if (one !== undefined) return [[name, made(one, `${path}.${name}`)]];
        return hasDefault ? [] : refuse('value', `${path}.${name}`);
      }),
    );
  };
}

function unionOf(branches: readonly Branch<FromJson>[]): FromJson {
  const byName = new Map(branches.flatMap((branch) => [[branch.name, branch] as const, [branch.key, branch] as const]));
  const names = [...byName.keys()].join(', ');
  return (value, path) => {
    if (value === null && byName.has('null')) return null;
    const [member, ...others] = isObject(value) ? Object.entries(value) : [];
    const branch = member && others.length === 0 ? byName.get(member[0]) : undefined;
    if (!branch) throw new BloblangError(`expected null or an object that names one of ${names} at ${path}`);
    return collect([[branch.name, branch.made(member![1], path)]]);
  };
}

function enumOf({ symbols = [] }: Definition): FromJson {
  return (value, path) =>
    typeof value === 'string' && symbols.includes(value) ? value : refuse(`symbol out of ${symbols.join(', ')}`, path);
}

function fixedOf({ size }: Definition): FromJson {
  return (value, path) => {
    const content = bytes(value, 'fixed', path);
    return content.length === size ? content : refuse(`fixed of ${size} bytes`, path);
  };
}

function integer(value: Value, type: string, path: string, least: bigint, most: bigint): bigint {
  const exact = value instanceof JsonNumber && /^-?\d+$/.test(value.text) ? BigInt(value.text) : wholeOf(float(value, type, path));
  return exact !== undefined && exact >= least && exact <= most ? exact : refuse(type, path);
}

const wholeOf = (value: number): bigint | undefined => (Number.isSafeInteger(value) ? BigInt(value) : undefined);

function float(value: Value, type: string, path: string): number {
  if (typeof value === 'number') return value;
  return value instanceof JsonNumber ? Number(value.text) : refuse(type, path);
}

/** A character for each byte. */
function bytes(value: Value, type: string, path: string): Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are bytes
  return typeof value === 'string' && /^[\u0000-\u00ff]*$/.test(value) ? Buffer.from(value, 'latin1') : refuse(type, path);
}

const members = (value: Value, type: string, path: string): [string, Value][] =>
  isObject(value) ? Object.entries(value) : refuse(type, path);

const collect = (entries: readonly (readonly [string, unknown])[]): object => Object.fromEntries(entries);

/** Without the value: it may be a secret. */
function refuse(type: string, path: string): never {
  throw new BloblangError(`expected ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type} at ${path}`);
}
