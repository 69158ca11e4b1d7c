/**
 * Pattern-defeating quicksort exactly as Go's `sort.Slice` runs it. It is not stable, and which of two equal elements comes first, and
 * which pair an error names, depends on the order of comparisons: so the steps are the same, down to the pseudo-random swaps.
 */
interface Sortable {
  readonly length: number;
  less(i: number, j: number): boolean;
  swap(i: number, j: number): void;
}

const INSERTION_LIMIT = 12;
const NINTHER_FROM = 50;
const SHIFT_FROM = 50;
const MAX_SHIFTS = 5;
const ALL_SWAPPED = 12;

export function goSort(data: Sortable): void {
  sortRange(data, 0, data.length, 32 - Math.clz32(data.length));
}

function sortRange(data: Sortable, from: number, to: number, badLimit: number): void {
  let [a, b, limit] = [from, to, badLimit];
  let wasBalanced = true;
  let wasPartitioned = true;
  while (b - a > INSERTION_LIMIT) {
    if (limit === 0) {
      heapSort(data, a, b);
      return;
    }
    if (!wasBalanced) {
      breakPatterns(data, a, b);
      limit--;
    }
    let { pivot, order } = choosePivot(data, a, b);
    if (order === 'decreasing') {
      reverse(data, a, b);
      pivot = b - 1 - (pivot - a);
      order = 'increasing';
    }
    if (wasBalanced && wasPartitioned && order === 'increasing' && partialInsertionSort(data, a, b)) return;
    if (a > 0 && !data.less(a - 1, pivot)) {
      a = partitionEqual(data, a, b, pivot);
      continue;
    }
    const length = b - a;
    const { middle, isPartitioned } = partition(data, a, b, pivot);
    wasPartitioned = isPartitioned;
    const isLeftShorter = middle - a < b - middle;
    wasBalanced = Math.min(middle - a, b - middle) >= Math.trunc(length / 8);
    if (isLeftShorter) {
      sortRange(data, a, middle, limit);
      a = middle + 1;
    } else {
      sortRange(data, middle + 1, b, limit);
      b = middle;
    }
  }
  insertionSort(data, a, b);
}

function insertionSort(data: Sortable, a: number, b: number): void {
  for (let i = a + 1; i < b; i++) {
    for (let j = i; j > a && data.less(j, j - 1); j--) data.swap(j, j - 1);
  }
}

function siftDown(data: Sortable, low: number, high: number, first: number): void {
  let root = low;
  for (;;) {
    let child = 2 * root + 1;
    if (child >= high) return;
    if (child + 1 < high && data.less(first + child, first + child + 1)) child++;
    if (!data.less(first + root, first + child)) return;
    data.swap(first + root, first + child);
    root = child;
  }
}

function heapSort(data: Sortable, a: number, b: number): void {
  const high = b - a;
  for (let i = Math.trunc((high - 1) / 2); i >= 0; i--) siftDown(data, i, high, a);
  for (let i = high - 1; i >= 0; i--) {
    data.swap(a, a + i);
    siftDown(data, 0, i, a);
  }
}

function partition(data: Sortable, a: number, b: number, pivot: number): { middle: number; isPartitioned: boolean } {
  data.swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  let isPartitioned = true;
  for (;;) {
    while (i <= j && data.less(i, a)) i++;
    while (i <= j && !data.less(j, a)) j--;
    if (i > j) break;
    isPartitioned = false;
    data.swap(i++, j--);
  }
  data.swap(j, a);
  return { middle: j, isPartitioned };
}

/** Moves what equals the pivot to the front and says where the rest begins. */
function partitionEqual(data: Sortable, a: number, b: number, pivot: number): number {
  data.swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  for (;;) {
    while (i <= j && !data.less(a, i)) i++;
    while (i <= j && data.less(a, j)) j--;
    if (i > j) return i;
    data.swap(i++, j--);
  }
}

/** Sorts a range that nearly is; false if it is not after a few shifts. */
function partialInsertionSort(data: Sortable, a: number, b: number): boolean {
  let i = a + 1;
  for (let step = 0; step < MAX_SHIFTS; step++) {
    while (i < b && !data.less(i, i - 1)) i++;
    if (i === b) return true;
    if (b - a < SHIFT_FROM) return false;
    data.swap(i, i - 1);
    if (i - a >= 2) for (let j = i - 1; j >= 1 && data.less(j, j - 1); j--) data.swap(j, j - 1);
    if (b - i >= 2) for (let j = i + 1; j < b && data.less(j, j - 1); j++) data.swap(j, j - 1);
  }
  return false;
}

function breakPatterns(data: Sortable, a: number, b: number): void {
  const length = b - a;
  if (length < 8) return;
  let random = BigInt(length);
  const modulus = 1 << (32 - Math.clz32(length));
  const middle = a + Math.trunc(length / 4) * 2 - 1;
  for (let i = 0; i < 3; i++) {
    random ^= BigInt.asUintN(64, random << 13n);
    random ^= random >> 7n;
    random ^= BigInt.asUintN(64, random << 17n);
    const other = Number(random & BigInt(modulus - 1));
    data.swap(middle - 1 + i, a + (other >= length ? other - length : other));
  }
}

function choosePivot(data: Sortable, a: number, b: number): { pivot: number; order: 'increasing' | 'decreasing' | 'unknown' } {
  const quarter = Math.trunc((b - a) / 4);
  const count = { swaps: 0 };
  let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
  if (b - a >= NINTHER_FROM) {
    [i, j, k] = [i, j, k].map((place) => median(data, place - 1, place, place + 1, count)) as [number, number, number];
  }
  const pivot = median(data, i, j, k, count);
  return { pivot, order: count.swaps === 0 ? 'increasing' : count.swaps === ALL_SWAPPED ? 'decreasing' : 'unknown' };
}

function median(data: Sortable, first: number, second: number, third: number, count: { swaps: number }): number {
  const order = (x: number, y: number): [number, number] => {
    if (!data.less(y, x)) return [x, y];
    count.swaps++;
    return [y, x];
  };
  let [a, b] = order(first, second);
  [b] = order(b, third);
  [a, b] = order(a, b);
  return b;
}

function reverse(data: Sortable, a: number, b: number): void {
  for (let [i, j] = [a, b - 1]; i < j; ) data.swap(i++, j--);
}
