import { readInBatches } from '../read-in-batches.ts';
import { parseStateLine } from './state-line.ts';
import type { StateValue } from './state-value.ts';

/**
 * Stores the values of lines, some at a time, in their order. Empty lines are skipped. Answers how many values there were.
 * @throws {StateLineError} at the first line that is wrong; what stands before it is stored
 */
export const importLines = (
  lines: AsyncIterable<string> | Iterable<string>,
  store: (values: readonly StateValue[]) => Promise<unknown>,
): Promise<number> => readInBatches(lines, { parse: parseStateLine, bytesOf: ({ value }) => value.length }, store);
