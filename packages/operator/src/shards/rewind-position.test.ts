import { expect, it } from 'vitest';
import { rewindPosition } from './rewind-position.ts';

const NOW = Date.UTC(2026, 1, 1);
const SEQUENCE = '49590338271490256608559692538361571095921575989136588898';

it.each([
  ['earliest', { kind: 'TRIM_HORIZON' }],
  ['latest', { kind: 'AT_TIMESTAMP', timestampMs: NOW }],
  ['-2h', { kind: 'AT_TIMESTAMP', timestampMs: NOW - 7_200_000 }],
  ['2026-01-31', { kind: 'AT_TIMESTAMP', timestampMs: Date.UTC(2026, 0, 31) }],
  ['2026-01-31T12:00:00+01:00', { kind: 'AT_TIMESTAMP', timestampMs: Date.UTC(2026, 0, 31, 11) }],
  [SEQUENCE, { kind: 'AFTER', position: { sequenceNumber: SEQUENCE, subSequenceNumber: 999_999_999 } }],
  [`at:${SEQUENCE}`, { kind: 'AFTER', position: { sequenceNumber: SEQUENCE, subSequenceNumber: -1 } }],
])('reads %s', (text, checkpoint) => {
  expect(rewindPosition(text, NOW)).toEqual(checkpoint);
});

it.each(['yesterday', 'at:42', '42', '2026-13-01', '2026-01-31T12:00', '1700000000', ''])('refuses %s', (text) => {
  expect(() => rewindPosition(text, NOW)).toThrow('expected earliest, latest, a time');
});

it('refuses a time to come, since Kinesis would refuse each read', () => {
  expect(() => rewindPosition('2026-02-01T00:00:00.001Z', NOW)).toThrow(
    'expected a time that has passed (it is 2026-02-01T00:00:00.000Z), found 2026-02-01T00:00:00.001Z',
  );
});
