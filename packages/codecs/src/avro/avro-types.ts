/** Goes through checked schemas, and has something made of each type: what skips its values, writes them, or reads them. */
import { branchOf, type Definition, fullName, keyOf, nameOf, namespaceOf } from './avro-schema.ts';

export interface Field<Made> {
  readonly name: string;
  readonly made: Made;
  readonly hasDefault: boolean;
}

export interface Branch<Made> {
  /** What the decoder calls it. */
  readonly name: string;
  /** What documents call it. */
  readonly key: string;
  readonly made: Made;
}

/** How to make it. */
export interface Maker<Made> {
  readonly primitives: Readonly<Record<string, Made>>;
  array(item: Made): Made;
  map(member: Made): Made;
  /** Its fields are known once all of the schema is: a type may contain itself. */
  record(fields: readonly Field<Made>[]): Made;
  enum(definition: Definition): Made;
  fixed(definition: Definition): Made;
  union(branches: readonly Branch<Made>[]): Made;
  /** A type by its name. It may be defined further on, so it can be found once all of the schema is known. */
  named(find: () => Made): Made;
}

/** What is made of the last of the schemas. */
export function makeOfAvro<Made>(schemas: readonly unknown[], maker: Maker<Made>): Made {
  const types = new Types(maker);
  return schemas.map((schema) => types.of(schema, '')).at(-1)!;
}

class Types<Made> {
  readonly #maker: Maker<Made>;
  readonly #named = new Map<string, Made>();

  constructor(maker: Maker<Made>) {
    this.#maker = maker;
  }

  of(schema: unknown, namespace: string): Made {
    const maker = this.#maker;
    if (Array.isArray(schema)) return maker.union(schema.map((branch) => this.#branch(branch, namespace)));
    if (typeof schema === 'string') return maker.primitives[schema] ?? this.#reference(schema, namespace);
    const definition = schema as Definition;
    switch (definition.type) {
      case 'record':
      case 'error':
        return this.#record(definition, namespace);
      case 'array':
        return maker.array(this.of(definition.items, namespace));
      case 'map':
        return maker.map(this.of(definition.values, namespace));
      case 'enum':
        return this.#define(nameOf(definition, namespace), maker.enum(definition));
      case 'fixed':
        return this.#define(nameOf(definition, namespace), maker.fixed(definition));
      default:
        return this.of(definition.type, namespace);
    }
  }

  #define(name: string, made: Made): Made {
    this.#named.set(name, made);
    return made;
  }

  #record(definition: Definition, outer: string): Made {
    const name = nameOf(definition, outer);
    const fields: Field<Made>[] = [];
    const made = this.#define(name, this.#maker.record(fields));
    for (const field of definition.fields!) {
      fields.push({ name: field.name, made: this.of(field.type, namespaceOf(name)), hasDefault: field.default !== undefined });
    }
    return made;
  }

  #branch(schema: unknown, namespace: string): Branch<Made> {
    return { name: branchOf(schema, namespace), key: keyOf(schema, namespace), made: this.of(schema, namespace) };
  }

  #reference(name: string, namespace: string): Made {
    const full = fullName(name, namespace);
    return this.#maker.named(() => (this.#named.get(full) ?? this.#named.get(name))!);
  }
}
