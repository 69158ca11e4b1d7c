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
  it('makes the latest record a moment, and leaves the others as they are', () => {
    expect(resolveStart({ kind: 'LATEST' }, 1_700_000_000_000)).toEqual({ kind: 'AT_TIMESTAMP', timestampMs: 1_700_000_000_000 });
    expect(resolveStart({ kind: 'TRIM_HORIZON' }, 1_700_000_000_000)).toEqual({ kind: 'TRIM_HORIZON' });
    expect(resolveStart({ kind: 'AT_TIMESTAMP', timestampMs: 5 }, 1_700_000_000_000)).toEqual({ kind: 'AT_TIMESTAMP', timestampMs: 5 });
  });
});

function after(sequenceNumber: string, subSequenceNumber: number): Checkpoint {
  return { kind: 'AFTER', position: { sequenceNumber, subSequenceNumber } };
}
