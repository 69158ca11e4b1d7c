export interface LineFormat<Item> {
  /** `undefined` for a line that is passed over. Throws where the line is wrong. */
  readonly parse: (line: string, lineNumber: number) => Item | undefined;
  readonly bytesOf: (item: Item) => number;
}

const ITEMS_AT_A_TIME = 200;
/** About how many bytes are stored at a time. */
const BYTES_AT_A_TIME = 1024 ** 2;

/**
 * Stores what lines hold, some at a time, in their order. Empty lines are skipped. Answers how many items there were.
 * @throws what `parse` throws, at the first line that is wrong; what stands before it is stored
 */
export async function readInBatches<Item>(
  lines: AsyncIterable<string> | Iterable<string>,
  { parse, bytesOf }: LineFormat<Item>,
  store: (items: readonly Item[]) => Promise<unknown>,
): Promise<number> {
  let [lineNumber, count, bytes] = [0, 0, 0];
  let items: Item[] = [];
  const flush = async () => {
    if (items.length > 0) await store(items);
    count += items.length;
    items = [];
    bytes = 0;
  };
  try {
    for await (const line of lines) {
      lineNumber += 1;
      const item = line.trim() === '' ? undefined : parse(line, lineNumber);
      if (item === undefined) continue;
      items.push(item);
      bytes += bytesOf(item);
      if (items.length >= ITEMS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) await flush();
    }
  } finally {
    await flush();
  }
  return count;
}
