/** Avro's JSON encoding of what was decoded by a schema. */

type ToJson = (value: unknown) => string;

interface Named {
  readonly type: string;
  readonly name: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
  readonly items?: unknown;
  readonly values?: unknown;
}

/** Logical types that the original names in unions, by the types that they stand on. */
const LOGICAL: Readonly<Record<string, readonly string[]>> = {
  int: ['date', 'time-millis'],
  long: ['time-micros', 'timestamp-millis', 'timestamp-micros'],
  bytes: ['decimal'],
};

/**
 * Writes values of a schema, keys in its order. Objects that decoded unions hold name their branch; bytes are texts of one character each;
 * what JSON has no number for is null.
 * @param unwraps values of a union stand as they are
 */
export function jsonOfAvro(schema: unknown, unwraps: boolean): ToJson {
  return new Writers(unwraps).of(schema, '');
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
    if (typeof schema === 'string') return PRIMITIVES[schema] ?? this.#reference(fullName(schema, namespace));
    const definition = schema as Named;
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
        const write = PRIMITIVES[definition.type === 'enum' ? 'string' : 'bytes']!;
        this.#named.set(nameOf(definition, namespace), write);
        return write;
      }
      default:
        return this.of(definition.type, namespace);
    }
  }

  #record(definition: Named, outer: string): ToJson {
    const name = nameOf(definition, outer);
    const namespace = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    const fields: [string, ToJson][] = [];
    const write: ToJson = (value) =>
      object(fields.map(([field, toJson]) => [field, toJson((value as Readonly<Record<string, unknown>>)[field])]));
    this.#named.set(name, write);
    for (const field of definition.fields ?? []) fields.push([field.name, this.of(field.type, namespace)]);
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
  #reference(name: string): ToJson {
    return (value) => this.#named.get(name)!(value);
  }
}

const PRIMITIVES: Readonly<Record<string, ToJson>> = {
  null: () => 'null',
  boolean: String,
  int: String,
  long: String,
  float: (value) => JSON.stringify(shortest(value as number)),
  double: (value) => JSON.stringify(value),
  bytes: (value) => JSON.stringify((value as Buffer).toString('latin1')),
  string: (value) => JSON.stringify(value),
};

/** The shortest number that is the same as a float of 32 bits. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

const object = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;

const fullName = (name: string, namespace: string): string => (name.includes('.') || namespace === '' ? name : `${namespace}.${name}`);

const nameOf = ({ name, namespace }: Named, outer: string): string => fullName(name, namespace ?? outer);

/** What the decoder calls a branch of a union. */
function branchOf(schema: unknown, namespace: string): string {
  if (typeof schema === 'string') return schema in PRIMITIVES ? schema : fullName(schema, namespace);
  const definition = schema as Named;
  return definition.name === undefined ? definition.type : nameOf(definition, namespace);
}

/** What the document calls it. */
function keyOf(schema: unknown, namespace: string): string {
  const { type = '', logicalType = '' } = (typeof schema === 'object' ? schema : {}) as Partial<Named>;
  return LOGICAL[type]?.includes(logicalType) ? `${type}.${logicalType}` : branchOf(schema, namespace);
}
