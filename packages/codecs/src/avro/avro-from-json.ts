/** Reads Avro's JSON encoding, as `avro-json.ts` writes it. */
import { BloblangError, INT64_MAX, INT64_MIN, isObject, JsonNumber, type Value } from '@sluice/values';
import { branchOf, type Definition, fullName, keyOf, nameOf, namespaceOf } from './avro-schema.ts';

type FromJson = (value: Value, path: string) => unknown;

/**
 * Reads documents of the last of the schemas, which have been checked. What it answers throws BloblangError where a document does not fit;
 * fields that the schema does not have are left out, and those that have a default may be absent.
 */
export function avroOfJson(schemas: readonly unknown[]): (document: Value) => unknown {
  const readers = new Readers();
  const read = schemas.map((schema) => readers.of(schema, '')).at(-1)!;
  return (document) => read(document, 'the document');
}

class Readers {
  /** By full name. A type may name itself. */
  readonly #named = new Map<string, FromJson>();

  of(schema: unknown, namespace: string): FromJson {
    if (Array.isArray(schema)) return this.#union(schema, namespace);
    if (typeof schema === 'string') return READERS[schema] ?? this.#reference(schema, namespace);
    const definition = schema as Definition;
    switch (definition.type) {
      case 'record':
      case 'error':
        return this.#record(definition, namespace);
      case 'array': {
        const item = this.of(definition.items, namespace);
        return (value, path) => (Array.isArray(value) ? value.map((one, index) => item(one, `${path}[${index}]`)) : refuse('array', path));
      }
      case 'map': {
        const member = this.of(definition.values, namespace);
        return (value, path) => collect(members(value, 'map', path).map(([key, one]) => [key, member(one, `${path}.${key}`)]));
      }
      case 'enum':
      case 'fixed':
        return this.#define(nameOf(definition, namespace), definition.type === 'enum' ? enumOf(definition) : fixedOf(definition));
      default:
        return this.of(definition.type, namespace);
    }
  }

  #define(name: string, read: FromJson): FromJson {
    this.#named.set(name, read);
    return read;
  }

  #record(definition: Definition, outer: string): FromJson {
    const name = nameOf(definition, outer);
    const fields: { readonly name: string; readonly read: FromJson; readonly isOptional: boolean }[] = [];
    const read = this.#define(name, (value, path) => {
      const given = new Map(members(value, 'record', path));
      return collect(
        fields.flatMap((field) => {
          const one = given.get(field.name);
          if (one !== undefined) return [[field.name, field.read(one, `${path}.${field.name}`)]];
          return field.isOptional ? [] : refuse('value', `${path}.${field.name}`);
        }),
      );
    });
    for (const field of definition.fields ?? []) {
      fields.push({ name: field.name, read: this.of(field.type, namespaceOf(name)), isOptional: field.default !== undefined });
    }
    return read;
  }

  #union(branches: readonly unknown[], namespace: string): FromJson {
    const readers = new Map<string, { readonly branch: string; readonly read: FromJson }>();
    for (const branch of branches) {
      const reader = { branch: branchOf(branch, namespace), read: this.of(branch, namespace) };
      readers.set(reader.branch, reader).set(keyOf(branch, namespace), reader);
    }
    const names = [...readers.keys()].join(', ');
    return (value, path) => {
      if (value === null && readers.has('null')) return null;
      const [member, ...others] = isObject(value) ? Object.entries(value) : [];
      const reader = member && others.length === 0 ? readers.get(member[0]) : undefined;
      if (!reader) throw new BloblangError(`expected null or an object that names one of ${names} at ${path}`);
      return collect([[reader.branch, reader.read(member![1], path)]]);
    };
  }

  /** Looked up when it is used: it may be defined further on. */
  #reference(name: string, namespace: string): FromJson {
    const full = fullName(name, namespace);
    return (value, path) => (this.#named.get(full) ?? this.#named.get(name)!)(value, path);
  }
}

const READERS: Readonly<Record<string, FromJson>> = {
  null: (value, path) => (value === null ? null : refuse('null', path)),
  boolean: (value, path) => (typeof value === 'boolean' ? value : refuse('boolean', path)),
  int: (value, path) => Number(integer(value, 'int', path, -(2n ** 31n), 2n ** 31n - 1n)),
  long: (value, path) => integer(value, 'long', path, INT64_MIN, INT64_MAX),
  float: (value, path) => float(value, 'float', path),
  double: (value, path) => float(value, 'double', path),
  bytes: (value, path) => bytes(value, 'bytes', path),
  string: (value, path) => (typeof value === 'string' ? value : refuse('string', path)),
};

const enumOf =
  ({ symbols = [] }: Definition): FromJson =>
  (value, path) =>
    typeof value === 'string' && symbols.includes(value) ? value : refuse(`symbol out of ${symbols.join(', ')}`, path);

const fixedOf =
  ({ size }: Definition): FromJson =>
  (value, path) => {
    const content = bytes(value, 'fixed', path);
    return content.length === size ? content : refuse(`fixed of ${size} bytes`, path);
  };

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
