import { plural } from '@sluice/core';
import type { DeadLetter, DeadLetterSummary } from '@sluice/queue';
import { bytesText, countText, durationText } from '../terminal/quantities.ts';
import { shorten } from '../terminal/shorten.ts';
import { type Column, tableLines } from '../terminal/table.ts';

const timeText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

export const deadLetterColumns = (nowMs: number): readonly Column<DeadLetterSummary>[] => [
  { title: 'id', value: ({ id }) => id },
  { title: 'rejected', value: ({ rejectedAtMs }) => `${durationText(Math.max(0, nowMs - rejectedAtMs))} ago`, align: 'right' },
  { title: 'key', value: ({ partitionKey }) => shorten(partitionKey, 20), least: 8 },
  { title: 'size', value: ({ bytes }) => bytesText(bytes), align: 'right', spare: 1 },
  { title: 'reason', value: ({ reason }) => `${reason.code}: ${reason.message}`, least: 20 },
];

export interface DeadLetterList {
  readonly target: string;
  readonly count: number;
  /** Those that are shown. */
  readonly deadLetters: readonly DeadLetterSummary[];
}

export function renderDeadLetters({ target, count, deadLetters }: DeadLetterList, nowMs: number, width: number): string {
  const more = count > deadLetters.length ? `, ${countText(deadLetters.length)} of them shown` : '';
  const facts = `${plural(count, 'dead letter')}${more}`;
  const head = `${shorten(target, Math.max(12, width - facts.length - 2))}: ${facts}`;
  const lines = deadLetters.length === 0 ? [head] : [head, ...tableLines(deadLetterColumns(nowMs), deadLetters, width)];
  return lines.map((line) => `${line}\n`).join('');
}

/** Everything about a dead letter that is no payload, a fact a line. */
export function renderDeadLetter({ id, target, lane, reason, partitionKey, bytes, origin, rejectedAtMs, record }: DeadLetter): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['id', id],
    ['target', target],
    ['lane', String(lane)],
    ['rejected at', timeText(rejectedAtMs)],
    ['reason', `${reason.message} (${reason.code})`],
    ...Object.entries(reason.details).map(
      ([name, value]) => [`  ${name}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
    ['partition key', partitionKey],
    ['explicit hash key', record.explicitHashKey],
    ['destination stream', record.stream],
    ['size', bytesText(bytes)],
    ['from', origin && `${origin.stream} ${origin.shardId}`],
    ['  sequence number', origin && `${origin.sequenceNumber}:${origin.subSequenceNumber}`],
    ['  arrived at', origin && origin.arrivalTimeMs > 0 ? timeText(origin.arrivalTimeMs) : undefined],
    ...Object.keys(record.metadata).map((name) => ['metadata', name] as const),
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name.padEnd(20)}${value!.replace(/\p{Cc}+/gu, ' ')}\n`)
    .join('');
}

/** As JSON; the payload only where it is asked for, in base64. */
export function deadLetterAsJson({ record, ...summary }: DeadLetter, withPayload: boolean): object {
  const { data, metadata, partitionKey: _, origin: __, ...rest } = record;
  return { ...summary, ...rest, ...(withPayload && { metadata, data: Buffer.from(data).toString('base64') }) };
}

/** The data as text, if it is text that a terminal can show; else in base64. */
export function payloadText(data: Uint8Array): string {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer);
    if (!/[^\P{Cc}\n\r\t]/u.test(text)) return text;
  } catch {
    // No text.
  }
  return buffer.toString('base64');
}
