import { createHash } from 'node:crypto';
import { defineMethod } from '@sluice/bloblang';
import {
  BloblangError,
  documentNumber,
  Float32,
  Float64,
  goTypeName,
  isArray,
  isObject,
  JsonNumber,
  SizedInteger,
  sortedKeys,
  Timestamp,
  type Value,
  type ValueObject,
} from '@sluice/values';

/** The types of a schema with the numbers that stand for them in its fingerprint. */
const TYPES = {
  BOOLEAN: 1,
  INT32: 2,
  INT64: 3,
  FLOAT32: 4,
  FLOAT64: 5,
  STRING: 6,
  BYTE_ARRAY: 7,
  OBJECT: 8,
  ARRAY: 10,
  NULL: 11,
  TIMESTAMP: 13,
} as const;

interface Schema {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly children: readonly Schema[];
}

export const inferSchema = defineMethod('infer_schema', {
  category: 'Parsing',
  status: 'stable',
  description:
    'A schema that describes the target: `type`, `name`, `children` and a `fingerprint` that equal schemas share. The elements of an array must be of one type.',
  isPlugin: true,
  examples: [
    {
      mapping: 'root.type = this.infer_schema().children.map_each(c -> c.name + " " + c.type).join(", ")',
      input: { b: true, a: 'x' },
      output: { type: 'a STRING, b BOOLEAN' },
    },
    { mapping: 'root.type = [1.5].infer_schema().children.index(0).type', output: { type: 'FLOAT64' } },
  ],
  evaluate: (value) => toValue(infer('', value)),
});

function infer(name: string, value: Value): Schema {
  if (isArray(value)) return { name, type: 'ARRAY', children: inferElements(value) };
  if (isObject(value)) {
    const children = sortedKeys(value).map((key) => within(key, () => infer(key, value[key]!)));
    return { name, type: 'OBJECT', children };
  }
  return { name, type: scalarType(value), children: [] };
}

function inferElements(values: readonly Value[]): Schema[] {
  let first: Schema | undefined;
  values.forEach((value, place) => {
    const schema = within(place, () => infer('', value));
    first ??= schema;
    if (schema.type !== first.type) throw new BloblangError(`.${place} mismatched array types, found ${first.type} and ${schema.type}`);
  });
  return first === undefined ? [] : [first];
}

/** Puts the way to a value in front of what is wrong with it. */
function within<T>(key: string | number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof BloblangError ? new BloblangError(`.${key}${error.message}`) : error;
  }
}

function scalarType(value: Value): keyof typeof TYPES {
  if (typeof value === 'number' || value instanceof JsonNumber) return scalarType(documentNumber(value));
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'bigint') return 'INT64';
  if (value instanceof SizedInteger && value.size === 'int32') return 'INT32';
  if (typeof value === 'string') return 'STRING';
  if (value instanceof Float32) return 'FLOAT32';
  if (value instanceof Float64) return 'FLOAT64';
  if (value instanceof Uint8Array) return 'BYTE_ARRAY';
  if (value instanceof Timestamp) return 'TIMESTAMP';
  throw new BloblangError(` unsupported data type: ${goTypeName(value)}`);
}

function toValue(schema: Schema): ValueObject {
  const { name, type, children } = schema;
  const result: ValueObject = { type, fingerprint: createHash('sha256').update(canonicalText(schema)).digest('hex') };
  if (name !== '') result['name'] = name;
  if (children.length > 0) result['children'] = children.map(toValue);
  return result;
}

/** The zero says that the value is not optional. */
function canonicalText({ name, type, children }: Schema): string {
  const parts = children.map((child, place) => `[${place}:${canonicalText(child)}]`);
  return `T:${TYPES[type]}|N:${name}|O:0|C:${children.length}|${parts.join('')}`;
}
