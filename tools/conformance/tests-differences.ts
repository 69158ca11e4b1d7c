/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['matches-badre', 'a pattern that does not parse is reported, with exit code 1; the original panics'],
]);
