import { describe, expect, it } from 'vitest';
import { nearest } from './suggest.ts';

const FIELDS = ['stream', 'partition_key', 'hash_key', 'max_in_flight', 'region'];

describe('nearest', () => {
  it.each([
    ['strem', 'stream'],
    ['steram', 'stream'],
    ['maxInFlight', 'max_in_flight'],
    ['partition-key', 'partition_key'],
    ['partitionkeys', 'partition_key'],
    ['regio', 'region'],
    ['x', undefined],
    ['endpoint', undefined],
    ['', undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, FIELDS)).toBe(expected);
  });

  it('of a very long word is found in no time', () => {
    expect(nearest('x'.repeat(1_000_000), FIELDS)).toBeUndefined();
  });
});
