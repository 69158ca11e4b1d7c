import type { RecordOrigin } from '@sluice/core';
import type { Message } from './messages.ts';

/** Most bytes of the header: servers commonly take 16 KiB of headers at most. */
export const MAX_ORIGIN_BYTES = 8 * 1024;

const NAME = 'sluice-origins';

/**
 * Where the messages of a request come from: one entry a message, separated by commas, as `stream;shard;sequence number;arrival time`.
 * Where a record was part of an aggregate, its index follows the sequence number after a dot. The time is in milliseconds since 1970. The
 * entry of a message that another function sent is empty.
 */
export const originHeaders = (messages: readonly Message[]): readonly [name: string, value: string] => [
  NAME,
  messages.map(({ origin }) => originText(origin)).join(','),
];

export function originText(origin: RecordOrigin | undefined): string {
  if (!origin) return '';
  const { stream, shardId, sequenceNumber, subSequenceNumber, arrivalTimeMs } = origin;
  const position = subSequenceNumber > 0 ? `${sequenceNumber}.${subSequenceNumber}` : sequenceNumber;
  return [stream, shardId, position, String(arrivalTimeMs)].map(encodeURIComponent).join(';');
}
