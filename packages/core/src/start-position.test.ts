import { expect, it } from 'vitest';
import { parseStartPosition, type StartPosition } from './start-position.ts';

const SEQUENCE = '49590338271490256608559692538361571095921575989136588898';

it.each<[string, StartPosition]>([
  ['earliest', { type: 'earliest' }],
  ['latest', { type: 'latest' }],
  ['2026-01-31', { type: 'timestamp', timestampMs: Date.UTC(2026, 0, 31) }],
  ['2026-01-31T12:00:00+01:00', { type: 'timestamp', timestampMs: Date.UTC(2026, 0, 31, 11) }],
  ['2028-02-29', { type: 'timestamp', timestampMs: Date.UTC(2028, 1, 29) }],
  ['-2h', { type: 'back', durationMs: 7_200_000 }],
  ['-1h30m', { type: 'back', durationMs: 5_400_000 }],
  ['-7d', { type: 'back', durationMs: 7 * 86_400_000 }],
  ['-1d12h', { type: 'back', durationMs: 129_600_000 }],
  [SEQUENCE, { type: 'after', sequenceNumber: SEQUENCE }],
  [`at:${SEQUENCE}`, { type: 'at', sequenceNumber: SEQUENCE }],
])('reads %s', (text, position) => {
  expect(parseStartPosition(text)).toEqual(position);
});

it.each([
  'yesterday',
  'at:42',
  '42',
  '2026-13-01',
  '2026-01-31T12:00',
  '1700000000',
  '',
  '2h',
  '-',
  '--2h',
  '-2',
  '-2x',
  '1960-01-01',
  '2026-02-30',
  '2026-02-29T00:00:00Z',
  '2026-04-31',
])('refuses %s', (text) => {
  expect(parseStartPosition(text)).toBeUndefined();
});
