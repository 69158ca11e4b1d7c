/**
 * Writes the table of time zone abbreviations from the compiled zone files of this machine:
 *
 *     node tools/zones/zone-abbreviations.ts > packages/values/src/time/zone-abbreviations.ts
 *
 * Offsets are not taken, since the JavaScript engine knows them and is updated with the rules.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/usr/share/zoneinfo';
/** Copies of the whole tree, and files that stand for a setting of the machine. */
const SKIPPED = new Set(['posix', 'right', 'Factory', 'localtime', 'posixrules']);

interface Change {
  readonly at: number;
  readonly offsetSeconds: number;
  readonly abbreviation: string;
}

const groups = new Map<string, string[]>();
for (const name of zoneNames('')) {
  const key = describe(readChanges(readFileSync(join(ROOT, name))));
  const group = groups.get(key) ?? [];
  groups.set(key, [...group, name]);
}
const lines = [...groups].map(([key, names]) => `${names.join(' ')}|${key}`);
process.stdout.write(`/**
 * The abbreviations of each time zone, one group of zones with the same ones a line: \`names|offset=abbreviation[@since=abbreviation…] …\`.
 * An offset that is not listed has a number for its abbreviation. Written by tools/zones/zone-abbreviations.ts.
 *
 * Long: one table.
 */
export const ZONE_ABBREVIATIONS = \`
${lines.join('\n')}
\`;
`);

function* zoneNames(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder)).sort()) {
    const name = folder === '' ? entry : `${folder}/${entry}`;
    if (SKIPPED.has(name)) continue;
    const path = join(ROOT, name);
    if (statSync(path).isDirectory()) yield* zoneNames(name);
    else if (readFileSync(path).toString('latin1', 0, 4) === 'TZif') yield name;
  }
}

interface Counts {
  readonly flags: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

function readCounts(file: Buffer, start: number): Counts {
  const count = (index: number): number => file.readUInt32BE(start + 20 + index * 4);
  return { flags: count(0) + count(1), leaps: count(2), times: count(3), types: count(4), characters: count(5) };
}

/** The changes of a TZif file, version 2 or later (RFC 8536). */
function readChanges(file: Buffer): Change[] {
  const old = readCounts(file, 0);
  const header = 44 + old.times * 5 + old.types * 6 + old.characters + old.leaps * 8 + old.flags;
  const { times, types } = readCounts(file, header);
  const timesAt = header + 44;
  const typesAt = timesAt + times * 9;
  const namesAt = typesAt + types * 6;
  const change = (at: number, type: number): Change => {
    const start = namesAt + file[typesAt + type * 6 + 5]!;
    const abbreviation = file.toString('latin1', start, file.indexOf(0, start));
    return { at, offsetSeconds: file.readInt32BE(typesAt + type * 6), abbreviation };
  };
  const changes = [change(Number.NEGATIVE_INFINITY, 0)];
  for (let index = 0; index < times; index++) {
    changes.push(change(Number(file.readBigInt64BE(timesAt + index * 8)), file[timesAt + times * 8 + index]!));
  }
  return changes;
}

function describe(changes: readonly Change[]): string {
  const byOffset = new Map<number, Change[]>();
  for (const change of changes) {
    const known = byOffset.get(change.offsetSeconds) ?? [];
    if (known.at(-1)?.abbreviation !== change.abbreviation) byOffset.set(change.offsetSeconds, [...known, change]);
  }
  const named = [...byOffset].filter(([, known]) => known.length > 1 || !/^[+-]/.test(known[0]!.abbreviation));
  return named.map(([offset, [first, ...later]]) => `${offset}=${first!.abbreviation}${later.map(since).join('')}`).join(' ');
}

function since({ at, abbreviation }: Change): string {
  return `@${at}=${abbreviation}`;
}
