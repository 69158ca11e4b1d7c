import { describe, expect, it } from 'vitest';
import { namesLike, nearest } from './suggest.ts';

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

describe('namesLike', () => {
  it('lists names that contain the word, then those that differ in a few letters', () => {
    expect(namesLike('hash', ['hash_key', 'rehash', 'hush', 'region'])).toEqual(['hash_key', 'hush', 'rehash']);
  });

  it('lists at most as many as asked for', () => {
    expect(namesLike('a', ['a', 'b', 'c', 'd'], 2)).toEqual(['a', 'b']);
  });
});
