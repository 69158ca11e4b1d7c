const BAR_WIDTH = 24;

/** `█████░░░░░░░░░░░░░░░░░░░`. */
export function barOf(done: number, total: number): string {
  const full = total === 0 ? BAR_WIDTH : Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
