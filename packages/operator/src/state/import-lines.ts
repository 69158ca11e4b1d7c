import { parseStateLine } from './state-line.ts';
import type { StateValue } from './state-value.ts';

const VALUES_AT_A_TIME = 200;
/** About how many bytes are stored at a time. */
const BYTES_AT_A_TIME = 1024 ** 2;

/**
 * Stores the values of lines, some at a time, in their order. Empty lines are skipped. Answers how many values there were.
 * @throws {StateLineError} at the first line that is wrong; what stands before it is stored
 */
export async function importLines(
  lines: AsyncIterable<string> | Iterable<string>,
  store: (values: readonly StateValue[]) => Promise<unknown>,
): Promise<number> {
  let [lineNumber, count, bytes] = [0, 0, 0];
  let values: StateValue[] = [];
  const flush = async () => {
    if (values.length > 0) await store(values);
    count += values.length;
    values = [];
    bytes = 0;
  };
  try {
    for await (const line of lines) {
      lineNumber += 1;
      if (line.trim() === '') continue;
      const value = parseStateLine(line, lineNumber);
      values.push(value);
      bytes += value.value.length;
      if (values.length >= VALUES_AT_A_TIME || bytes >= BYTES_AT_A_TIME) await flush();
    }
  } finally {
    await flush();
  }
  return count;
}
