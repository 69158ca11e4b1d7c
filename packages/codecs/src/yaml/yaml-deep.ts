import { BloblangError, JsonNumber, mapScalars, parseJson, type Value } from '@sluice/values';
import { resolveScalar } from './yaml-scalar.ts';

/**
 * A document that is nested deeper than the YAML parser can follow. Those that occur are JSON, which is YAML too. Throws BloblangError
 * for others.
 */
export function readDeep(text: string): Value {
  let document: Value;
  try {
    document = parseJson(text);
  } catch {
    throw new BloblangError('yaml: exceeded max depth');
  }
  return mapScalars(document, (scalar) => {
    if (typeof scalar === 'number') return resolveScalar('', String(scalar)).value;
    return scalar instanceof JsonNumber ? resolveScalar('', scalar.text).value : scalar;
  });
}
