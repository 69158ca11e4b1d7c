import { Timestamp } from '../time/timestamp.ts';
import { AnyKeyObject, DELETED, Float32, Float64, JsonNumber, NOTHING, SizedInteger, Uint64, type Value } from './kinds.ts';

/** The Go type that some errors of the original print (`%T`). */
export function goTypeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int64';
    case 'number':
      return 'json.Number';
    default:
      return goObjectTypeName(value);
  }
}

function goObjectTypeName(value: Value): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof Float64) return value instanceof Float32 ? 'float32' : 'float64';
  if (value instanceof JsonNumber) return 'json.Number';
  if (value instanceof Uint64) return 'uint64';
  if (value instanceof SizedInteger) return value.size;
  if (value instanceof Uint8Array) return '[]uint8';
  if (value instanceof Timestamp) return 'time.Time';
  if (value instanceof AnyKeyObject) return 'map[interface {}]interface {}';
  if (value === DELETED) return 'value.Delete';
  return value === NOTHING ? 'value.Nothing' : 'map[string]interface {}';
}
