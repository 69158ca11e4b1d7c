export interface HuffmanCode {
  /** Bits of each symbol's code, 0 for one that does not occur. */
  readonly lengths: Uint8Array;
  /** The code of each symbol, its first bit lowest. */
  readonly codes: Uint16Array;
}

/**
 * The best code with at most `maxLength` bits for symbols that occur this often (package-merge).
 * Of equally good codes it is the one that Go's encoders take: a package goes before a symbol of the same weight.
 */
export function huffmanCode(frequencies: ArrayLike<number>, maxLength: number): HuffmanCode {
  const used = Array.from(frequencies, (frequency, symbol) => ({ frequency, symbol }))
    .filter(({ frequency }) => frequency > 0)
    .sort((a, b) => a.frequency - b.frequency || a.symbol - b.symbol);
  const lengths = new Uint8Array(frequencies.length);
  if (used.length <= 2) {
    for (const { symbol } of used) lengths[symbol] = 1;
  } else {
    const weights = used.map(({ frequency }) => frequency);
    for (const count of symbolsByLevel(weights, Math.min(maxLength, used.length - 1))) {
      for (let index = 0; index < count; index++) lengths[used[index]!.symbol]!++;
    }
  }
  return { lengths, codes: canonicalCodes(lengths) };
}

/** How many of the rarest symbols have a bit on each level of the tree. */
function symbolsByLevel(weights: readonly number[], levels: number): number[] {
  const rows: boolean[][] = [];
  let row = weights.map((weight) => ({ weight, isSymbol: true }));
  rows.push(row.map(({ isSymbol }) => isSymbol));
  for (let level = 1; level < levels; level++) {
    const packages: number[] = [];
    for (let index = 0; index + 1 < row.length; index += 2) packages.push(row[index]!.weight + row[index + 1]!.weight);
    row = mergeByWeight(weights, packages);
    rows.push(row.map(({ isSymbol }) => isSymbol));
  }
  const counts: number[] = [];
  let taken = 2 * weights.length - 2;
  for (const items of rows.reverse()) {
    const symbols = items.slice(0, taken).filter((isSymbol) => isSymbol).length;
    counts.push(symbols);
    taken = 2 * (taken - symbols);
  }
  return counts;
}

function mergeByWeight(symbols: readonly number[], packages: readonly number[]): { weight: number; isSymbol: boolean }[] {
  const merged: { weight: number; isSymbol: boolean }[] = [];
  let symbol = 0;
  let pair = 0;
  while (symbol < symbols.length || pair < packages.length) {
    const isSymbol = (symbols[symbol] ?? Number.POSITIVE_INFINITY) < (packages[pair] ?? Number.POSITIVE_INFINITY);
    merged.push({ weight: isSymbol ? symbols[symbol++]! : packages[pair++]!, isSymbol });
  }
  return merged;
}

/** RFC 1951, 3.2.2, with the bits turned round as they are written. */
function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    code <<= 1;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = reverse(code++, length);
    }
  }
  return codes;
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}
