/**
 * Every format that is kept in Redis, and how its version is told. A release refuses to run on what a later one wrote in a format that it
 * does not read. A new version of a format is read by one release, and written by the next: so a fleet can be rolled forward and back.
 */

import { FormatTooNewError } from './errors.ts';
import { DEFAULT_KEY_PREFIX, formatsKey } from './keys.ts';
import type { RedisSession } from './redis-session.ts';

export interface StoredFormat {
  readonly name: string;
  /** What this release writes. */
  readonly writes: number;
  /** Up to which version this release reads it. */
  readonly reads: number;
  /** Up to which version the release before reads it; `undefined` where it does not know it, and leaves it alone. */
  readonly previous: number | undefined;
  readonly holds: string;
  /** Where the version stands, beside the entry of the installation. */
  readonly told: string;
}

const first = (name: string, holds: string, told: string): StoredFormat => ({ name, writes: 1, reads: 1, previous: 1, holds, told });
const ignored = (name: string, holds: string, told: string): StoredFormat => ({ ...first(name, holds, told), previous: undefined });

export const STORED_FORMATS: readonly StoredFormat[] = [
  first('frame', 'batches, dead letters, delayed messages and messages of mailboxes', 'third byte of each frame'),
  first('job', 'data of a job, as Bull Board shows it', 'fields: unknown ones are passed over, absent ones have a default'),
  first('lease', 'lease rows of shards and lanes, members of a group', 'fields, as above'),
  first('checkpoint', 'position up to which a shard was read', 'its text: TRIM_HORIZON, LATEST, AT_TIMESTAMP …, SEQUENCE/SUBSEQUENCE'),
  first('filter', 'up to where a lane has seen each shard', 'fields, as above'),
  first('state', 'gauge and state of a lane', 'fields, as above'),
  first('values', 'values of functions', 'first character of the name of a field: = or ~'),
  first('mailbox', 'messages of a parked address', 'fields of its JSON; its messages are frames'),
  first('delayed', 'delayed messages', 'number of parts of an entry'),
  first('pause', 'why an ingress or a target is paused', 'fields, as above'),
  first('audit', 'what operators did', 'fields of its JSON'),
  ignored('report', 'what workers report of themselves', 'field `format` of its JSON'),
  ignored('history', 'measures of the last hour', 'fields MEASURE|NAME: unknown measures are passed over'),
  ignored('sources', 'the streams that were read', 'members INGRESS/STREAM'),
  ignored('use', 'what was last made of the id of an ingress or egress', 'fields of its JSON'),
];

/** The highest version of each format that was written in this installation. One that stands nowhere is of version 1. */
export async function readFormats(session: RedisSession, keyPrefix = DEFAULT_KEY_PREFIX): Promise<ReadonlyMap<string, number>> {
  const versions = await session.run(session.epoch, (client) => client.hgetall(formatsKey(keyPrefix)));
  return new Map(Object.entries(versions).map(([name, version]) => [name, Number(version)]));
}

/**
 * Notes what this release writes, before it writes anything.
 * @throws {FormatTooNewError} a later release has written what this one does not read
 */
export async function noteFormats(session: RedisSession, keyPrefix = DEFAULT_KEY_PREFIX): Promise<void> {
  const found = await readFormats(session, keyPrefix);
  const tooNew = newerThan(found, ({ reads }) => reads);
  if (tooNew.length > 0) throw new FormatTooNewError(session.location, tooNew);
  const changed = STORED_FORMATS.filter(({ name, writes }) => (found.get(name) ?? 0) < writes);
  if (changed.length === 0) return;
  const entries = Object.fromEntries(changed.map(({ name, writes }) => [name, String(writes)]));
  await session.run(session.epoch, (client) => client.hset(formatsKey(keyPrefix), entries));
}

/** Formats in Redis that the release before this one would not read, as texts such as `frame 2`. */
export const unreadableBefore = (found: ReadonlyMap<string, number>): readonly string[] =>
  newerThan(found, ({ previous }) => previous ?? Number.POSITIVE_INFINITY);

/** Also of formats that this release has never heard of. */
function newerThan(found: ReadonlyMap<string, number>, readable: (format: StoredFormat) => number): string[] {
  const known = new Map(STORED_FORMATS.map((format) => [format.name, format]));
  return [...found].flatMap(([name, version]) => {
    const format = known.get(name);
    return version > (format ? readable(format) : 0) ? [`${name} ${version}`] : [];
  });
}
