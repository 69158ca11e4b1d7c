import { Secret } from '@sluice/config';

/** Whether two values of a configuration say the same. Where they stand in their files does not matter; secrets are compared by value. */
export function isSame(before: unknown, after: unknown): boolean {
  if (Object.is(before, after)) return true;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return false;
  if (before instanceof Secret || after instanceof Secret)
    return before instanceof Secret && after instanceof Secret && before.reveal() === after.reveal();
  if (Array.isArray(before) !== Array.isArray(after)) return false;
  if (before instanceof Map || after instanceof Map)
    return before instanceof Map && after instanceof Map && isSame([...before], [...after]);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].every((name) => isPosition(name, before, after) || isSame(fieldOf(before, name), fieldOf(after, name)));
}

const fieldOf = (object: object, name: string): unknown => (object as Readonly<Record<string, unknown>>)[name];

/** A `SourcePosition`, of which only the name could be anything else. */
const isPosition = (name: string, ...owners: readonly object[]): boolean =>
  name === 'position' &&
  owners.every((owner) => {
    const value = fieldOf(owner, name);
    return typeof value === 'object' && value !== null && 'line' in value && 'column' in value;
  });
