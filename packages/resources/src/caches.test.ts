import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@sluice/core/testing';
import type { Cache } from '@sluice/processors';
import { beforeEach, describe, expect, it } from 'vitest';
import { createResources } from './create-resources.ts';

const MEMORY = { default_ttl: 1_000, compaction_interval: 60_000, init_values: {} };
const LRU = { cap: 2, init_values: {} };
const TTLRU = { cap: 2, default_ttl: 1_000, init_values: {}, without_reset: false };

let clock: ManualClock;
let directory: string;

beforeEach(async () => {
  clock = new ManualClock();
  directory = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
});

describe.each(['memory', 'lru', 'ttlru', 'file', 'multilevel'])('a cache `%s`', (type) => {
  it('keeps, adds and deletes values', async () => {
    const cache = cacheOf(type);
    expect(await get(cache, 'k')).toBeUndefined();
    await cache.set('k', Buffer.from('1'));
    expect([await cache.add('k', Buffer.from('2')), await get(cache, 'k')]).toEqual([false, '1']);
    expect([await cache.add('l', Buffer.from('3')), await get(cache, 'l')]).toEqual([true, '3']);
    await cache.delete('k');
    expect([await get(cache, 'k'), await get(cache, 'l')]).toEqual([undefined, '3']);
  });

  it('keeps a value as it was, whatever becomes of its bytes', async () => {
    const cache = cacheOf(type);
    const value = Buffer.from('1');
    await cache.set('k', value);
    await cache.add('l', value);
    value.fill(0);
    expect([await get(cache, 'k'), await get(cache, 'l')]).toEqual(['1', '1']);
  });
});

describe('`memory`', () => {
  it('forgets an expired value for reading at once, for adding once another key was stored after the compaction interval', async () => {
    const cache = cacheOf('memory', { ...MEMORY, compaction_interval: 5_000 });
    await cache.set('k', Buffer.from('1'));
    await cache.set('long', Buffer.from('2'), 90_000);
    clock.advance(1_001);
    expect([await get(cache, 'k'), await cache.add('k', Buffer.from('3'))]).toEqual([undefined, false]);
    clock.advance(5_000);
    expect(await cache.add('k', Buffer.from('3'))).toBe(false);
    await cache.set('other', Buffer.from('4'));
    expect([await cache.add('k', Buffer.from('3')), await get(cache, 'long')]).toEqual([true, '2']);
  });

  it('keeps what is there from the start, and everything where there is no compaction', async () => {
    const [initial, endless] = [
      cacheOf('memory', { ...MEMORY, init_values: { a: '1' } }),
      cacheOf('memory', { ...MEMORY, compaction_interval: 0 }),
    ];
    await endless.set('a', Buffer.from('2'));
    clock.advance(1e9);
    expect([await get(initial, 'a'), await get(endless, 'a')]).toEqual(['1', '2']);
  });
});

describe('caches with a limit', () => {
  it.each(['lru', 'ttlru'])('`%s` forgets the key that was not used for longest', async (type) => {
    const cache = cacheOf(type);
    for (const key of ['a', 'b']) await cache.set(key, Buffer.from(key));
    await cache.get('a');
    await cache.set('c', Buffer.from('c'));
    expect([await get(cache, 'a'), await get(cache, 'b'), await get(cache, 'c')]).toEqual(['a', undefined, 'c']);
  });

  it.each([
    [false, 'a'],
    [true, undefined],
  ])('`ttlru` keeps a value that is read, unless that does not count: %s', async (keepsTime, expected) => {
    const cache = cacheOf('ttlru', { ...TTLRU, without_reset: keepsTime });
    await cache.set('a', Buffer.from('a'));
    clock.advance(600);
    await cache.get('a');
    clock.advance(600);
    expect(await get(cache, 'a')).toBe(expected);
    clock.advance(1_001);
    expect([await get(cache, 'a'), await cache.add('a', Buffer.from('b'))]).toEqual([undefined, true]);
  });
});

describe('`file`', () => {
  it('stays in its folder', async () => {
    const cache = cacheOf('file');
    for (const key of ['../out', '..', '', 'a/../../b'])
      await expect(async () => cache.set(key, Buffer.from('x'))).rejects.toThrow('leads out of');
  });

  it('tells what is wrong as the original does', async () => {
    const cache = cacheOf('file');
    await expect(cache.set('a/b', Buffer.from('x'))).rejects.toThrow(`open ${directory}/a/b: no such file or directory`);
    await expect(cache.delete('none')).rejects.toThrow(`remove ${directory}/none: no such file or directory`);
  });
});

describe('`multilevel`', () => {
  it('copies what a farther cache has to the nearer ones', async () => {
    const resources = resourcesOf('multilevel');
    await resources.cache('far')!.set('k', Buffer.from('1'));
    expect([await get(resources.cache('c')!, 'k'), await get(resources.cache('near')!, 'k')]).toEqual(['1', '1']);
  });

  it.each([
    [['near'], 'expected at least two cache levels, found 1'],
    [['near', 'none'], "unable to access cache 'none': unable to locate resource: none"],
    [['near', 'c'], "cache 'c' is a level of itself"],
  ])('%j is found out when it is used', async (levels, message) => {
    const cache = cacheOf('multilevel', { levels });
    await expect(async () => cache.get('k')).rejects.toThrow(message);
  });
});

describe('the limit `local`', () => {
  it('has its places once in each interval', async () => {
    const limit = createResources(
      { caches: [], rateLimits: [{ label: 'r', type: 'local', options: { count: 2, interval: 100 } }] },
      { clock },
    ).rateLimit('r')!;
    const ask = (times: number) => Array.from({ length: times }, () => limit.access());
    expect(ask(3)).toEqual([0, 0, 100]);
    clock.advance(60);
    expect(ask(1)).toEqual([40]);
    clock.advance(40);
    expect(ask(3)).toEqual([0, 0, 100]);
  });
});

const get = async (cache: Cache, key: string): Promise<string | undefined> => {
  const value = await cache.get(key);
  return value && Buffer.from(value).toString();
};

const cacheOf = (type: string, options?: object): Cache => resourcesOf(type, options).cache('c')!;

function resourcesOf(type: string, options?: object) {
  const all: Readonly<Record<string, object>> = {
    memory: MEMORY,
    lru: LRU,
    ttlru: TTLRU,
    file: { directory },
    multilevel: { levels: ['near', 'far'] },
  };
  const caches = [
    { label: 'c', type, options: { ...(options ?? all[type]) } },
    { label: 'near', type: 'memory', options: MEMORY },
    { label: 'far', type: 'memory', options: MEMORY },
  ];
  return createResources({ caches, rateLimits: [] }, { clock });
}
