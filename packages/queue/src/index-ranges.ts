/** Ascending indexes as a short text: `[0, 1, 2, 7]` is `0-2,7`. */
export function formatIndexRanges(indexes: readonly number[]): string {
  const ranges: string[] = [];
  for (let start = 0; start < indexes.length; ) {
    let end = start;
    while (indexes[end + 1] === indexes[end]! + 1) end += 1;
    ranges.push(start === end ? `${indexes[start]}` : `${indexes[start]}-${indexes[end]}`);
    start = end + 1;
  }
  return ranges.join(',');
}

const RANGE = /^(\d+)(?:-(\d+))?$/;

/**
 * The inverse of {@link formatIndexRanges}.
 * @throws {TypeError} the text is none, is not ascending, or goes beyond `count`
 */
export function parseIndexRanges(text: string, count: number): number[] {
  const indexes: number[] = [];
  for (const range of text === '' ? [] : text.split(',')) {
    const match = RANGE.exec(range);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || to < from || to >= count || from <= (indexes.at(-1) ?? -1)) {
      throw new TypeError(`expected ascending ranges of indexes below ${count}, got ${JSON.stringify(text)}`);
    }
    for (let index = from; index <= to; index++) indexes.push(index);
  }
  return indexes;
}
