/** Avro's JSON encoding of what was decoded by a schema. */
import { shortestFloat } from '../binary/shortest-float.ts';
import { branchOf, type Definition, fullName, keyOf, nameOf, namespaceOf } from './avro-schema.ts';

type ToJson = (value: unknown) => string;

/**
 * Writes values of the last of the schemas, which have been checked; keys stand in its order. Objects that decoded unions hold name their
 * branch; bytes are texts of one character each; what JSON has no number for is null.
 * @param unwraps values of a union stand as they are
 */
export function jsonOfAvro(schemas: readonly unknown[], unwraps: boolean): ToJson {
  const writers = new Writers(unwraps);
  return schemas.map((schema) => writers.of(schema, '')).at(-1)!;
}

class Writers {
  readonly #unwraps: boolean;
  /** By full name. A type may name itself. */
  readonly #named = new Map<string, ToJson>();

  constructor(unwraps: boolean) {
    this.#unwraps = unwraps;
  }

  of(schema: unknown, namespace: string): ToJson {
    if (Array.isArray(schema)) return this.#union(schema, namespace);
    if (typeof schema === 'string') return WRITERS[schema] ?? this.#reference(schema, namespace);
    const definition = schema as Definition;
    switch (definition.type) {
      case 'record':
      case 'error':
        return this.#record(definition, namespace);
      case 'array': {
        const item = this.of(definition.items, namespace);
        return (value) => `[${(value as unknown[]).map(item).join(',')}]`;
      }
      case 'map': {
        const member = this.of(definition.values, namespace);
        return (value) => object(Object.entries(value as object).map(([key, one]) => [key, member(one)]));
      }
      case 'enum':
      case 'fixed': {
        const write = WRITERS[definition.type === 'enum' ? 'string' : 'bytes']!;
        this.#named.set(nameOf(definition, namespace), write);
        return write;
      }
      default:
        return this.of(definition.type, namespace);
    }
  }

  #record(definition: Definition, outer: string): ToJson {
    const name = nameOf(definition, outer);
    const fields: [string, ToJson][] = [];
    const write: ToJson = (value) =>
      object(fields.map(([field, toJson]) => [field, toJson((value as Readonly<Record<string, unknown>>)[field])]));
    this.#named.set(name, write);
    for (const field of definition.fields ?? []) fields.push([field.name, this.of(field.type, namespaceOf(name))]);
    return write;
  }

  #union(branches: readonly unknown[], namespace: string): ToJson {
    const writers = new Map(
      branches.map((branch) => [branchOf(branch, namespace), { key: keyOf(branch, namespace), toJson: this.of(branch, namespace) }]),
    );
    return (value) => {
      if (value === null) return 'null';
      const [[branch, inner]] = Object.entries(value as object) as [[string, unknown]];
      const { key, toJson } = writers.get(branch)!;
      return this.#unwraps ? toJson(inner) : object([[key, toJson(inner)]]);
    };
  }

  /** Looked up when it is used: it may be defined further on. */
  #reference(name: string, namespace: string): ToJson {
    const full = fullName(name, namespace);
    return (value) => (this.#named.get(full) ?? this.#named.get(name)!)(value);
  }
}

const WRITERS: Readonly<Record<string, ToJson>> = {
  null: () => 'null',
  boolean: String,
  int: String,
  long: String,
  float: (value) => JSON.stringify(shortestFloat(value as number)),
  double: (value) => JSON.stringify(value),
  bytes: (value) => JSON.stringify((value as Buffer).toString('latin1')),
  string: (value) => JSON.stringify(value),
};

const object = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
