import type { SluiceRecord } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { recordLine } from './record-line.ts';
import { startPosition } from './start-position.ts';

const ORIGIN = {
  stream: 's',
  shardId: 'shardId-000000000000',
  sequenceNumber: '42',
  subSequenceNumber: 0,
  arrivalTimeMs: 1_700_000_000_000,
};
const recordOf = (data: string | Buffer, subSequenceNumber = 0): SluiceRecord => ({
  ...{ partitionKey: 'k', data: Buffer.from(data as string), metadata: {}, origin: { ...ORIGIN, subSequenceNumber } },
});
const HEAD = '{"key":"k","shard":"shardId-000000000000","sequenceNumber":"42","arrivedAt":"2023-11-14T22:13:20.000Z"';

describe('recordLine', () => {
  it('has the data in base64', () => {
    expect(recordLine(recordOf('hi'), false)).toBe(`${HEAD},"data_base64":"aGk="}`);
    expect(recordLine(recordOf('hi', 3), false)).toContain('"subSequenceNumber":3');
  });

  it('has it as JSON with all digits on one line, as text, or in base64, where that is asked for', () => {
    expect(recordLine(recordOf('{"n":\n 12345678901234567890, "s":"a\\nb"}\n'), true)).toBe(
      `${HEAD},"data":{"n":  12345678901234567890, "s":"a\\nb"}}`,
    );
    expect(recordLine(recordOf('line "one"\nline two'), true)).toBe(`${HEAD},"data":"line \\"one\\"\\nline two"}`);
    expect(recordLine(recordOf(Buffer.from([0xff, 0xfe])), true)).toBe(`${HEAD},"data_base64":"//4="}`);
    expect(recordLine(recordOf(''), true)).toBe(`${HEAD},"data":""}`);
  });
});

describe('startPosition', () => {
  it('reads what a person writes', () => {
    const number = '49590338271490256608559692538361571095921575989136588898';
    const nowMs = 1_700_000_060_000;
    const texts = ['latest', 'earliest', '2023-11-14T22:13:20Z', '-1m', number, `at:${number}`];
    expect(texts.map((text) => startPosition(text, nowMs))).toEqual([
      { type: 'LATEST' },
      { type: 'TRIM_HORIZON' },
      { type: 'AT_TIMESTAMP', timestampMs: 1_700_000_000_000 },
      { type: 'AT_TIMESTAMP', timestampMs: 1_700_000_000_000 },
      { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: number },
      { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: number },
    ]);
    for (const text of ['', 'yesterday', '42', 'at:earliest'])
      expect(() => startPosition(text, nowMs)).toThrow('expected earliest, latest, a time');
    expect(() => startPosition('2999-01-01', nowMs)).toThrow('expected a time that has passed as --from');
  });
});
