/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  [
    'df-0441',
    'a constant that cannot be negated, `- "a"`, is reported where it stands; the original goes on and misses the end of the match case',
  ],
]);
