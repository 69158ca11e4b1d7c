/** Avro's JSON encoding of what was decoded by a schema. */
import { shortestFloat } from '../binary/shortest-float.ts';
import { type Maker, makeOfAvro } from './avro-types.ts';

type ToJson = (value: unknown) => string;

/**
 * Writes values of the last of the schemas, which have been checked; keys stand in its order. Objects that decoded unions hold name their
 * branch; bytes are texts of one character each; what JSON has no number for is null.
 * @param unwraps values of a union stand as they are
 */
export const jsonOfAvro = (schemas: readonly unknown[], unwraps: boolean): ToJson => makeOfAvro(schemas, writersOf(unwraps));

const writeBytes: ToJson = (value) => JSON.stringify((value as Buffer).toString('latin1'));
const writeString: ToJson = (value) => JSON.stringify(value);

const writersOf = (unwraps: boolean): Maker<ToJson> => ({
  primitives: {
    null: () => 'null',
    boolean: String,
    int: String,
    long: String,
    float: (value) => JSON.stringify(shortestFloat(value as number)),
    double: (value) => JSON.stringify(value),
    bytes: writeBytes,
    string: writeString,
  },
  array: (item) => (value) => `[${(value as unknown[]).map(item).join(',')}]`,
  map: (member) => (value) => object(Object.entries(value as object).map(([key, one]) => [key, member(one)])),
  record: (fields) => (value) => object(fields.map(({ name, made }) => [name, made((value as Readonly<Record<string, unknown>>)[name])])),
  enum: () => writeString,
  fixed: () => writeBytes,
  union: (branches) => {
    const byName = new Map(branches.map((branch) => [branch.name, branch]));
    return (value) => {
      if (value === null) return 'null';
      const [[name, inner]] = Object.entries(value as object) as [[string, unknown]];
      const { key, made } = byName.get(name)!;
      return unwraps ? made(inner) : object([[key, made(inner)]]);
    };
  },
  named: (find) => (value) => find()(value),
});

const object = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
