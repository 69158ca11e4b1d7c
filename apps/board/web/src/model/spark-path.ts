/** The path of a small curve from zero to its largest value, thinned to what its width can show. Gaps stay gaps. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): { line: string; area: string } {
  const points = thin(values, Math.floor(width / 2));
  const most = Math.max(1e-9, ...points.map((value) => value ?? 0));
  const step = width / Math.max(1, points.length - 1);
  const runs: [number, number][][] = [];
  let run: [number, number][] | undefined;
  points.forEach((value, index) => {
    if (value === null) {
      run = undefined;
      return;
    }
    if (!run) {
      run = [];
      runs.push(run);
    }
    run.push([round(index * step), round(height - 1.5 - (value / most) * (height - 3))]);
  });
  const line = runs.map((each) => `M${each.map((point) => point.join(' ')).join('L')}`).join('');
  const area = runs
    .map((each) => `M${each[0]![0]} ${height}L${each.map((point) => point.join(' ')).join('L')}L${each.at(-1)![0]} ${height}Z`)
    .join('');
  return { line, area };
}

/** The mean of each stretch; `null` where it has no value. */
function thin(values: readonly (number | null)[], count: number): (number | null)[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const known = values.slice(from, Math.floor(((index + 1) * values.length) / count)).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
