/**
 * A listing of where an application is: what was read out of a Flink savepoint, or written by hand.
 *
 * CSV whose first line is `stream,shard,sequence_number` or `stream,shard,sequence_number,sub_sequence_number`; or JSON, one object with these
 * names a line, or an array of them. Sequence numbers are those of the last record that was handled, or one of Flink's words for none.
 */
import { CheckpointImportError } from './errors.ts';
import { after, type ForeignCheckpoint, type ForeignPosition, isSequenceNumber } from './foreign-checkpoint.ts';

const SENTINELS: ReadonlyMap<string, ForeignPosition> = new Map([
  ['EARLIEST_SEQUENCE_NUM', { kind: 'TRIM_HORIZON' }],
  ['LATEST_SEQUENCE_NUM', { kind: 'LATEST' }],
  ['AT_TIMESTAMP_SEQUENCE_NUM', { kind: 'CONFIGURED_TIME' }],
  ['SHARD_ENDING_SEQUENCE_NUM', { kind: 'SHARD_END' }],
]);

const REQUIRED = ['stream', 'shard', 'sequence_number'] as const;
const OPTIONAL = 'sub_sequence_number';

/** An entry, and where it stands, for a person. */
interface Entry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly where: string;
}

/** @throws {CheckpointImportError} it is no such listing */
export function readListing(text: string): ForeignCheckpoint[] {
  const trimmed = text.trim();
  return (/^[[{]/.test(trimmed) ? jsonEntries(trimmed) : csvEntries(trimmed)).map(readEntry);
}

function jsonEntries(text: string): Entry[] {
  if (text.startsWith('[')) {
    const all = parseJson(text, 'the listing');
    return (all as unknown[]).map((fields, index) => entryOf(fields, `entry ${index + 1}`));
  }
  return numberedLines(text).map(({ line, where }) => entryOf(parseJson(line, where), where));
}

function entryOf(fields: unknown, where: string): Entry {
  if (typeof fields !== 'object' || fields === null) throw new CheckpointImportError(`expected an object, found ${where} to be none`);
  return { fields: fields as Entry['fields'], where };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointImportError(`expected JSON, found ${where} to be none: ${(cause as Error).message}`, { cause });
  }
}

function csvEntries(text: string): Entry[] {
  const [header, ...lines] = numberedLines(text);
  const names = (header?.line ?? '').split(',').map((name) => name.trim());
  if (!REQUIRED.every((name) => names.includes(name)))
    throw new CheckpointImportError(`expected ${REQUIRED.join(',')} as the first line of the listing, found ${header?.line ?? 'nothing'}`);
  assertKnown(names, header!.where);
  return lines.map(({ line, where }) => {
    const values = line.split(',').map((value) => value.trim());
    if (values.length > names.length)
      throw new CheckpointImportError(`expected ${names.length} values in ${where} of the listing, found ${values.length}`);
    return { fields: Object.fromEntries(names.map((name, index) => [name, values[index]])), where };
  });
}

const numberedLines = (text: string): { line: string; where: string }[] =>
  text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line: line.trim(), where: `line ${index + 1}` }]));

function assertKnown(names: readonly string[], where: string): void {
  const unknown = names.find((name) => name !== OPTIONAL && !REQUIRED.some((known) => known === name));
  if (unknown !== undefined)
    throw new CheckpointImportError(`expected ${[...REQUIRED, OPTIONAL].join(', ')}, found ${unknown} in ${where} of the listing`);
}

function readEntry({ fields, where }: Entry): ForeignCheckpoint {
  assertKnown(Object.keys(fields), where);
  const [stream, shardId, sequenceNumber] = REQUIRED.map((name) => textOf(fields[name], name, where)) as [string, string, string];
  return { stream, shardId, position: positionOf(sequenceNumber, fields[OPTIONAL], where) };
}

function textOf(value: unknown, name: string, where: string): string {
  // A sequence number that is a number of JSON has lost most of its digits.
  if (typeof value === 'string' && value !== '') return value;
  throw new CheckpointImportError(`expected a text as ${name} in ${where} of the listing, found ${JSON.stringify(value) ?? 'none'}`);
}

function positionOf(sequenceNumber: string, sub: unknown, where: string): ForeignPosition {
  const sentinel = SENTINELS.get(sequenceNumber.replace(/^SENTINEL_/, ''));
  if (sentinel) return sentinel;
  if (!isSequenceNumber(sequenceNumber))
    throw new CheckpointImportError(
      `expected a sequence number or one of ${[...SENTINELS.keys()].join(', ')} in ${where} of the listing, found ${sequenceNumber}`,
    );
  if (!/^(-1|\d{1,9})?$/.test(String(sub ?? '')))
    throw new CheckpointImportError(`expected a number as ${OPTIONAL} in ${where} of the listing, found ${JSON.stringify(sub)}`);
  // Flink's -1 says that the record was no part of an aggregate.
  const isWhole = sub === undefined || sub === '' || Number(sub) === -1;
  return isWhole ? after(sequenceNumber) : after(sequenceNumber, Number(sub));
}
