import { type DeadLetter, formatDeadLetterLine } from '@sluice/queue';
import type { OutgoingLetter } from '../output/dead-letter-output.ts';

/** A dead letter of the target, by its id. */
export const letterOf = (id: string, fields: Partial<DeadLetter> & { readonly data?: string } = {}): DeadLetter => {
  const { data = `data of ${id}`, ...rest } = fields;
  const record = { partitionKey: `key of ${id}`, metadata: {}, data: Buffer.from(data) };
  return {
    ...{ id, target: 'output/orders', lane: 0, partitionKey: record.partitionKey, bytes: data.length, record },
    reason: { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'too large', details: {} },
    rejectedAtMs: Date.UTC(2026, 10, 30, 12),
    ...rest,
  };
};

export const outgoing = (letter: DeadLetter): OutgoingLetter => ({ letter, line: formatDeadLetterLine(letter) });
