import { BloblangError } from './errors.ts';

/** What one value may grow to. A mapping is not trusted with the process: beyond these it fails, and may catch that. */
export const MAX_TEXT_LENGTH = 64 * 1024 * 1024;
/** Elements of an array that a mapping makes, and nodes of a value that is copied. */
const MAX_ELEMENTS = 4_000_000;

/** Throws BloblangError if a text or byte array of this length is more than a mapping may make. */
export function checkLength(length: number): void {
  if (length > MAX_TEXT_LENGTH) throw new BloblangError(`result of ${length} bytes exceeds the maximum of ${MAX_TEXT_LENGTH}`);
}

/** Throws BloblangError if an array of this length is more than a mapping may make. */
export function checkElements(count: number): void {
  if (count > MAX_ELEMENTS) throw new BloblangError(`result of ${count} elements exceeds the maximum of ${MAX_ELEMENTS}`);
}

/** Levels of arrays and objects within one another that a document may have; the original's decoder has the same bound. */
export const MAX_DEPTH = 10_000;
