/** The names most like a word, best first: those that contain it, then those that differ in a few letters. */
export function namesLike(word: string, names: Iterable<string>, limit = 5): string[] {
  const wanted = word.toLowerCase();
  return [...names]
    .map((name) => ({ name, distance: distanceOf(wanted, name) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Part of the name is as good as one wrong letter. */
const distanceOf = (wanted: string, name: string): number => (wanted.length > 1 && name.includes(wanted) ? 1 : editDistance(wanted, name));

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
