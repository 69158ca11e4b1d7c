/**
 * A dead letter as a line of JSON, as it leaves Redis and as `sluice dead-letters import` takes it back. `docs/dead-letters.md` has the
 * fields. Whoever reads lines passes over fields that it does not know; a change that a reader must know of gets another `format`.
 */
import type { ErrorReport, Metadata, RecordOrigin, SluiceRecord } from '@sluice/core';
import { parseJson } from '@sluice/values';
import { metadataText } from '../frame/frame-entries.ts';
import type { DeadLetter } from './dead-letter.ts';
import { DeadLetterLineError } from './errors.ts';

const FORMAT = 'sluice.dead-letter/1';

/** Without the line break. */
export function formatDeadLetterLine({ id, target, lane, reason, rejectedAtMs, record }: DeadLetter): string {
  const { origin, data } = record;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const head = JSON.stringify({
    ...{ format: FORMAT, id, target, lane, rejected_at: toTime(rejectedAtMs), reason },
    ...(origin && { origin: formatOrigin(origin) }),
    partition_key: record.partitionKey,
    ...(record.explicitHashKey !== undefined && { explicit_hash_key: record.explicitHashKey }),
    ...(record.stream !== undefined && { stream: record.stream }),
  });
  // Metadata may hold numbers that JSON.stringify would round.
  return `${head.slice(0, -1)},"metadata":${metadataText(record.metadata) || '{}'},"data":"${bytes.toString('base64')}"}`;
}

/** @throws {DeadLetterLineError} saying what is wrong with the line, and never what it holds */
export function parseDeadLetterLine(text: string, lineNumber: number): DeadLetter {
  const fail = (expected: string): never => {
    throw new DeadLetterLineError(lineNumber, expected);
  };
  const line = fieldsOf(parsed(text, JSON.parse), () => fail('a JSON object'));
  if (line['format'] !== FORMAT) fail(`\`format\` to be \`${FORMAT}\``);
  const textAt = (name: string) => (typeof line[name] === 'string' ? line[name] : fail(`a text as \`${name}\``));
  const origin = line['origin'] === undefined ? undefined : parseOrigin(line['origin'], fail);
  const data = bytesOf(textAt('data')) ?? fail('base64 as `data`');
  const record: SluiceRecord = {
    partitionKey: textAt('partition_key'),
    ...(line['explicit_hash_key'] !== undefined && { explicitHashKey: textAt('explicit_hash_key') }),
    ...(line['stream'] !== undefined && { stream: textAt('stream') }),
    ...(origin && { origin }),
    metadata: exactMetadata(text, () => fail('a JSON object as `metadata`')),
    data,
  };
  return {
    ...{ id: textAt('id'), target: textAt('target'), lane: wholeNumber(line['lane']) ?? fail('a whole number as `lane`') },
    ...{ reason: parseReason(line['reason'], fail), partitionKey: record.partitionKey, bytes: data.byteLength },
    ...(origin && { origin }),
    rejectedAtMs: toMs(textAt('rejected_at')) ?? fail('a time as `rejected_at`'),
    record,
  };
}

type Fail = (expected: string) => never;

const formatOrigin = ({ stream, shardId, sequenceNumber, subSequenceNumber, arrivalTimeMs }: RecordOrigin): object => ({
  ...{ stream, shard_id: shardId, sequence_number: sequenceNumber, sub_sequence_number: subSequenceNumber },
  ...(arrivalTimeMs > 0 && { arrived_at: toTime(arrivalTimeMs) }),
});

function parseOrigin(value: unknown, fail: Fail): RecordOrigin {
  const origin = fieldsOf(value, () => fail('a JSON object as `origin`'));
  const textAt = (name: string) => (typeof origin[name] === 'string' ? origin[name] : fail(`a text as \`origin.${name}\``));
  return {
    ...{ stream: textAt('stream'), shardId: textAt('shard_id'), sequenceNumber: textAt('sequence_number') },
    subSequenceNumber: wholeNumber(origin['sub_sequence_number']) ?? fail('a whole number as `origin.sub_sequence_number`'),
    arrivalTimeMs: origin['arrived_at'] === undefined ? 0 : (toMs(textAt('arrived_at')) ?? fail('a time as `origin.arrived_at`')),
  };
}

function parseReason(value: unknown, fail: Fail): ErrorReport {
  const reason = fieldsOf(value, () => fail('a JSON object as `reason`'));
  const textAt = (name: string) => (typeof reason[name] === 'string' ? reason[name] : fail(`a text as \`reason.${name}\``));
  const details = fieldsOf(reason['details'] ?? {}, () => fail('a JSON object as `reason.details`'));
  return { code: textAt('code'), disposition: 'reject', message: textAt('message'), details };
}

/** Its numbers keep their digits. */
const exactMetadata = (text: string, fail: () => never): Metadata =>
  fieldsOf(fieldsOf(parsed(text, parseJson), fail)['metadata'] ?? {}, fail) as Metadata;

/** `undefined` for what is no JSON. */
function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const fieldsOf = (value: unknown, fail: () => never): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : fail();

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** Node skips what is no base64. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replaceAll('=', '') === text.replaceAll('=', '') ? bytes : undefined;
}

const toTime = (ms: number): string => new Date(ms).toISOString();

const toMs = (text: string): number | undefined => {
  const ms = Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
};
