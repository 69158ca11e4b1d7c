export interface Comparison {
  /** Seconds of processor time for a record. */
  ours(): Promise<number>;
  theirs(): Promise<number>;
  readonly rounds: number;
}

/** Measures both in turns. Answers a line with the medians, the median ratio, and the lowest and highest ratio of a round. */
export async function compare({ ours, theirs, rounds }: Comparison): Promise<string> {
  const measured: Array<{ readonly ours: number; readonly theirs: number }> = [];
  for (let round = 0; round < rounds; round++) measured.push({ ours: await ours(), theirs: await theirs() });
  const ratios = measured.map((pair) => pair.ours / pair.theirs);
  const micros = (side: 'ours' | 'theirs') => (middle(measured.map((pair) => pair[side])) * 1e6).toFixed(1);
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return `Sluice ${micros('ours')} µs CPU a record, Benthos ${micros('theirs')}; ratio ${middle(ratios).toFixed(2)} (${range})`;
}

const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
