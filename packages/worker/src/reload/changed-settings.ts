import { Secret, type SluiceSettings } from '@sluice/config';
import { isSame } from './is-same.ts';

/** Fields of the model whose names differ from the user's by more than their style. */
const NAMES: Readonly<Record<string, string>> = {
  clusterNodes: 'cluster',
  rejectUnauthorized: 'skip_verify',
  renewIntervalMs: 'renew',
};

/** Which settings differ, by the names that they have in a file, such as `lease.ttl`. */
export const changedSettings = (before: SluiceSettings, after: SluiceSettings): readonly string[] => differences(before, after, []);

function differences(before: unknown, after: unknown, path: readonly string[]): readonly string[] {
  if (isSame(before, after)) return [];
  if (!isSection(before) || !isSection(after)) return [path.join('.')];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => differences(before[name], after[name], [...path, NAMES[name] ?? nameInFile(name)]));
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);

/** `highWaterBytes` → `high_water_bytes`, `ttlMs` → `ttl`. Names of egresses and functions, which have other characters, stay. */
const nameInFile = (name: string): string =>
  /^[a-zA-Z]+$/.test(name) ? name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;
