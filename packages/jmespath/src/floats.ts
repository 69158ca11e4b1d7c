/** Numbers of JMESPath are floats: plain numbers while a query runs. */
import { Float64, JsonNumber, mapScalars, type Value } from '@sluice/values';

/** A document with plain numbers, in place. */
export const asFloats = (document: Value): Value =>
  mapScalars(document, (scalar) => (scalar instanceof JsonNumber ? Number(scalar.text) : scalar));

/** A result as a document: floats that a plain number would print otherwise stand as such. In place. */
export const asDocument = (result: Value): Value => mapScalars(result, (scalar) => (isFloat(scalar) ? new Float64(scalar) : scalar));

const isFloat = (scalar: Value): scalar is number => typeof scalar === 'number' && (!Number.isSafeInteger(scalar) || Object.is(scalar, -0));
