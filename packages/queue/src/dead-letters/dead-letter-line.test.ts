import { describe, expect, it } from 'vitest';
import type { DeadLetter } from './dead-letter.ts';
import { formatDeadLetterLine, parseDeadLetterLine } from './dead-letter-line.ts';

describe('a dead letter as a line', () => {
  it('has a form that others can rely on', () => {
    expect(JSON.parse(formatDeadLetterLine(LETTER))).toEqual({
      format: 'sluice.dead-letter/1',
      id: '7-0',
      target: 'output/orders',
      lane: 3,
      rejected_at: '2026-11-30T12:00:00.000Z',
      reason: { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB', details: { bytes: 2 } },
      origin: { stream: 'in', shard_id: 'shard-0', sequence_number: '42', sub_sequence_number: 1, arrived_at: '2026-11-30T11:59:59.000Z' },
      partition_key: 'k',
      explicit_hash_key: '5',
      stream: 'out',
      metadata: { tenant: 't1' },
      data: 'AP8K',
    });
    expect(formatDeadLetterLine(LETTER)).not.toContain('\n');
  });

  it.each([
    ['all that a record can have', LETTER],
    ['as little as a record can have', { ...LETTER, origin: undefined, record: { partitionKey: '', metadata: {}, data: Buffer.from('') } }],
    ['text that JSON escapes', { ...LETTER, record: { ...LETTER.record, partitionKey: 'a"\n\u2028ü' } }],
  ])('is read as it was written: %s', (_, letter) => {
    const line = formatDeadLetterLine(letter as DeadLetter);
    const read = parseDeadLetterLine(line, 1);
    expect(read.record).toEqual(letter.record);
    expect(formatDeadLetterLine(read)).toBe(line);
  });

  it('keeps the digits of numbers in metadata', () => {
    const line = formatDeadLetterLine(LETTER).replace('{"tenant":"t1"}', '{"f":1.50,"n":12345678901234567890}');
    expect(formatDeadLetterLine(parseDeadLetterLine(line, 1))).toBe(line);
  });

  it.each([
    ['a JSON object', '{'],
    ['a JSON object', '[]'],
    ['`format` to be `sluice.dead-letter/1`', '{}'],
    ['`format` to be `sluice.dead-letter/1`', changed({ format: 'sluice.dead-letter/2' })],
    ['a text as `target`', changed({ target: 1 })],
    ['a whole number as `lane`', changed({ lane: -1 })],
    ['a time as `rejected_at`', changed({ rejected_at: 'soon' })],
    ['base64 as `data`', changed({ data: 'a secret!' })],
    ['a JSON object as `metadata`', changed({ metadata: [] })],
    ['a text as `reason.code`', changed({ reason: {} })],
    ['a text as `origin.shard_id`', changed({ origin: { stream: 'in' } })],
  ])('is refused with what was expected: %s', (expected, line) => {
    expect(() => parseDeadLetterLine(line, 7)).toThrow(`line 7 of the import: expected ${expected}`);
  });

  it('may have fields that this release does not know', () => {
    expect(parseDeadLetterLine(changed({ colour: 'red' }), 1).record).toEqual(LETTER.record);
  });
});

const ORIGIN = {
  ...{ stream: 'in', shardId: 'shard-0', sequenceNumber: '42', subSequenceNumber: 1 },
  arrivalTimeMs: Date.UTC(2026, 10, 30, 11, 59, 59),
};
const LETTER: DeadLetter = {
  ...{ id: '7-0', target: 'output/orders', lane: 3, partitionKey: 'k', bytes: 3, origin: ORIGIN },
  reason: { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB', details: { bytes: 2 } },
  rejectedAtMs: Date.UTC(2026, 10, 30, 12),
  record: {
    ...{ partitionKey: 'k', explicitHashKey: '5', stream: 'out', origin: ORIGIN },
    metadata: { tenant: 't1' },
    data: Buffer.from([0, 255, 10]),
  },
};

function changed(fields: object): string {
  return JSON.stringify({ ...JSON.parse(formatDeadLetterLine(LETTER)), ...fields });
}
