import type { DeadLetter, DeadLetterSummary } from '@sluice/queue';
import { bytesText } from '../terminal/quantities.ts';
import { type Column, renderTable } from '../terminal/table.ts';

const timeText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

const COLUMNS: readonly Column<DeadLetterSummary>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'target', value: ({ target }) => target },
  { title: 'rejected at', value: ({ rejectedAtMs }) => timeText(rejectedAtMs) },
  { title: 'key', value: ({ partitionKey }) => shortened(partitionKey, 24) },
  { title: 'size', value: ({ bytes }) => bytesText(bytes), align: 'right' },
  { title: 'reason', value: ({ reason }) => `${reason.message} (${reason.code})` },
];

export const renderDeadLetters = (letters: readonly DeadLetterSummary[]): string => renderTable(COLUMNS, letters);

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
