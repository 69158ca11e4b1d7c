import { clone, Float64, JsonNumber, mapScalars, setKey, type Value, type ValueObject } from '@sluice/values';

/**
 * A value of metadata as the language sees it. A plain number there is a float that came with the message; a number that a mapping
 * took from a document is a {@link JsonNumber}, see {@link toMetadata}.
 */
export const fromMetadata = (value: Value): Value =>
  typeof value === 'string' ? value : mapNumbers(value, (number) => new Float64(number));

/** All metadata as an object of the language. */
export function allMetadata(metadata: ValueObject): ValueObject {
  const all: ValueObject = {};
  for (const key of Object.keys(metadata)) setKey(all, key, fromMetadata(metadata[key]!));
  return all;
}

/** A value that a mapping writes to metadata: what it took from a document keeps the text of its numbers. */
export const toMetadata = (value: Value): Value =>
  typeof value === 'string' ? value : mapNumbers(value, (number) => new JsonNumber(String(number)));

function mapNumbers(value: Value, change: (number: number) => Value): Value {
  const changed = (scalar: Value): Value => (typeof scalar === 'number' ? change(scalar) : scalar);
  return typeof value === 'object' ? mapScalars(clone(value), changed) : changed(value);
}
