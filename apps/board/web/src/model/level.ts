/** How much something needs attention. `idle`: it is meant not to run. */
export type Level = 'bad' | 'warn' | 'note' | 'idle' | 'ok';

const ORDER: readonly Level[] = ['bad', 'warn', 'note', 'idle', 'ok'];

/** What needs attention most comes first. */
export const compareLevels = (a: Level, b: Level): number => ORDER.indexOf(a) - ORDER.indexOf(b);

export const worstOf = (levels: Iterable<Level>): Level => {
  let worst: Level = 'ok';
  for (const level of levels) if (compareLevels(level, worst) < 0) worst = level;
  return worst;
};
