import type { StartPosition } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, formatCheckpoint, parseCheckpoint, resolveStart } from './checkpoint.ts';

describe('checkpoint', () => {
  it.each<[string, Checkpoint]>([
    ['TRIM_HORIZON', { kind: 'TRIM_HORIZON' }],
    ['SHARD_END', { kind: 'SHARD_END' }],
    ['AT_TIMESTAMP:1700000000000', { kind: 'AT_TIMESTAMP', timestampMs: 1_700_000_000_000 }],
    ['49590338271490256608559692538361571095921575989136588898:3', after('49590338271490256608559692538361571095921575989136588898', 3)],
    ['49590:-1', after('49590', -1)],
  ])('is %s in Redis', (text, checkpoint) => {
    expect(formatCheckpoint(checkpoint)).toBe(text);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
  });

  it.each(['', 'LATEST', '49590', '49590:', ':1', 'AT_TIMESTAMP:', 'AT_TIMESTAMP:-1', '0x10:1', '49590:-2', '49590:1 '])(
    'is not read from %j',
    (text) => expect(() => parseCheckpoint(text)).toThrow('expected a checkpoint in redis'),
  );
});

describe('resolveStart', () => {
  const NOW = 1_700_000_000_000;

  it.each<[StartPosition, Checkpoint]>([
    [{ type: 'earliest' }, { kind: 'TRIM_HORIZON' }],
    [{ type: 'latest' }, { kind: 'AT_TIMESTAMP', timestampMs: NOW }],
    [
      { type: 'timestamp', timestampMs: 5 },
      { kind: 'AT_TIMESTAMP', timestampMs: 5 },
    ],
    [
      { type: 'back', durationMs: 7_200_000 },
      { kind: 'AT_TIMESTAMP', timestampMs: NOW - 7_200_000 },
    ],
    [
      { type: 'back', durationMs: 2 * NOW },
      { kind: 'AT_TIMESTAMP', timestampMs: 0 },
    ],
    [{ type: 'after', sequenceNumber: '49590' }, after('49590', 999_999_999)],
    [{ type: 'at', sequenceNumber: '49590' }, after('49590', -1)],
  ])('makes of %j a checkpoint', (start, checkpoint) => {
    expect(resolveStart(start, NOW)).toEqual(checkpoint);
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });
});

function after(sequenceNumber: string, subSequenceNumber: number): Checkpoint {
  return { kind: 'AFTER', position: { sequenceNumber, subSequenceNumber } };
}
