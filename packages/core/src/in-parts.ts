/** Items in parts that fit into one call of a service, one part after the other. */

export interface PartLimits<T> {
  readonly maxItems: number;
  /** Of a part; a larger item makes a part of its own. @default no limit */
  readonly maxBytes?: number;
  readonly sizeOf?: (item: T) => number;
}

/**
 * The outcome of each item, in their order: `undefined` where it is safe. Where a call fails as a whole, its items and all after them have
 * that error; where that is the first, the error is thrown, as nothing was done.
 * @param put answers the outcome of each item of a part
 */
export async function inParts<T>(
  items: readonly T[],
  limits: PartLimits<T>,
  put: (part: readonly T[]) => Promise<readonly (Error | undefined)[]>,
): Promise<readonly (Error | undefined)[]> {
  const outcomes: (Error | undefined)[] = [];
  for (const part of partsWithin(items, limits)) {
    try {
      outcomes.push(...(await put(part)));
    } catch (error) {
      if (outcomes.length === 0) throw error;
      const rest = items.length - outcomes.length;
      return [...outcomes, ...Array<Error>(rest).fill(error as Error)];
    }
  }
  return outcomes;
}

export function* partsWithin<T>(
  items: readonly T[],
  { maxItems, maxBytes = Number.POSITIVE_INFINITY, sizeOf = () => 0 }: PartLimits<T>,
): Generator<readonly T[]> {
  let part: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (part.length > 0 && (part.length === maxItems || bytes + size > maxBytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
