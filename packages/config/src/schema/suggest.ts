import { distance } from 'fastest-levenshtein';

/** Longer words are compared by their beginning. */
const MAX_LENGTH = 100;

/** The candidate that `word` most likely stands for, or `undefined` where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const normal = normalise(word);
  let best: string | undefined;
  let bestDistance = toleranceOf(normal) + 1;
  for (const candidate of candidates) {
    const found = distanceBetween(normal, normalise(candidate));
    if (found < bestDistance) {
      bestDistance = found;
      best = candidate;
    }
  }
  return best;
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : `; did you mean \`${candidate}\`?`;
}

/** The names most like `word`, best first: those that contain it, then those that differ in a few letters. */
export function namesLike(word: string, names: Iterable<string>, limit = 5): string[] {
  const wanted = word.toLowerCase().slice(0, MAX_LENGTH);
  // Part of a name is as good as one wrong letter.
  const distanceOf = (name: string) => (wanted.length > 1 && name.includes(wanted) ? 1 : distance(wanted, name));
  return [...names]
    .map((name) => ({ name, distance: distanceOf(name) }))
    .filter((candidate) => candidate.distance <= Math.max(2, toleranceOf(wanted)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

const toleranceOf = (word: string): number => Math.max(1, Math.floor(word.length / 3));

/** Levenshtein distance; two letters that swapped places count once. */
function distanceBetween(a: string, b: string): number {
  const isSwap = a.length === b.length && a !== b && [...a].sort().join('') === [...b].sort().join('');
  const edits = distance(a, b);
  return isSwap && edits === 2 ? 1 : edits;
}

/** `maxInFlight`, `max-in-flight` and `max_in_flight` are the same word. */
const normalise = (word: string): string =>
  word
    .slice(0, MAX_LENGTH)
    .replaceAll(/[_\- .]/g, '')
    .toLowerCase();
