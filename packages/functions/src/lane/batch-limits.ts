import type { RecordOrigin } from '@sluice/core';
import type { Stored } from './address-queue.ts';
import type { Message } from './messages.ts';
import { originText } from './origin-headers.ts';

export interface BatchLimits {
  /** Most messages of a request. */
  readonly maxMessages: number;
  /** Most bytes of a request's messages; one message alone may be larger. */
  readonly maxBytes: number;
  /** Most bytes of the header that says where messages come from; `undefined` where none is sent. */
  readonly maxOriginBytes: number | undefined;
}

/** The messages from the head that go together, as a list of their own: others may be added behind them. */
export function cutBatch<M extends Message>(messages: readonly M[], limits: BatchLimits): readonly M[] {
  let bytes = 0;
  let originBytes = 0;
  for (const [index, { data, origin }] of messages.entries()) {
    bytes += data.byteLength;
    originBytes += limits.maxOriginBytes === undefined ? 0 : sizeOf(origin);
    const fits = index < limits.maxMessages && bytes <= limits.maxBytes && originBytes <= (limits.maxOriginBytes ?? 0);
    if (index > 0 && !fits) return messages.slice(0, index);
  }
  return messages.slice();
}

/** How many stored messages are worth reading for one request. */
export const readAhead = ({ records, bytes }: Stored, { maxMessages, maxBytes }: BatchLimits): number =>
  Math.max(1, Math.min(records, maxMessages, Math.ceil((maxBytes * records) / Math.max(bytes, 1))));

const sizeOf = (origin: RecordOrigin | undefined): number => originText(origin).length + 1;
