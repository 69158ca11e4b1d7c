/** Recorded cases that Sluice answers otherwise on purpose, by id, each with its reason. They are listed in docs/differences.md too. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([]);
