import { silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import { ResourceError } from './failure.ts';
import type { ProcessorSettings } from './processor.ts';
import { cacheOfMap, messageOf, resourcesOf, step, text } from './testing/chain.ts';

const BY_FIRST = step('dedupe', { cache: 'c', key: text('${! content().slice(0, 1) }') });
const LINES = step('archive', { format: 'lines' });

describe('dedupe', () => {
  it('lets one message of each key pass, within a batch and after it', async () => {
    const { run } = chainOf([BY_FIRST]);
    expect([await run({ 1: 'a', 2: 'b', 3: 'ax' }), await run({ 4: 'b2', 5: 'c' })]).toEqual([['a', 'b'], ['c']]);
  });

  it('lets the same record pass again, but no other one', async () => {
    const { run } = chainOf([BY_FIRST]);
    expect([await run({ 1: 'a' }), await run({ 1: 'a' }), await run({ 2: 'a' })]).toEqual([['a'], ['a'], []]);
  });

  it('drops a duplicate in the same record, also when that comes again', async () => {
    const { run } = chainOf([step('unarchive', { format: 'lines' }), BY_FIRST]);
    expect([await run({ 1: 'a1\na2' }), await run({ 1: 'a1\na2' })]).toEqual([['a1'], ['a1']]);
  });

  it('knows what stands for several records by each of them, however they are batched the next time', async () => {
    const { run } = chainOf([LINES, BY_FIRST]);
    expect([await run({ 1: 'a', 2: 'b' }), await run({ 2: 'a' }), await run({ 3: 'a' })]).toEqual([['a\nb'], ['a'], []]);
  });

  it('lets another attempt of the same record pass, also inside others', async () => {
    const nested = step('switch', { cases: [{ check: null, fallthrough: false, continue: false, processors: [BY_FIRST] }] });
    const { run } = chainOf([nested]);
    expect([await run({ 1: 'a', 2: 'a' }), await run({ 1: 'a', 2: 'a' })]).toEqual([['a'], ['a']]);
  });

  it('puts a key there anew that goes between two looks at it', async () => {
    const kept = cacheOfMap();
    let isGone = true;
    const forgetting = {
      ...kept,
      get: (key: string) => {
        if (isGone) void kept.delete(key);
        isGone = false;
        return kept.get(key);
      },
    };
    const { run } = chainOf([BY_FIRST], forgetting);
    expect([await run({ 1: 'a' }), await run({ 2: 'a' }), await run({ 3: 'a' })]).toEqual([['a'], ['a'], []]);
  });

  it('flags what it cannot judge, or drops it where that is asked for', async () => {
    const failing = { ...cacheOfMap(), add: () => Promise.reject(new ResourceError('no connection')) };
    const dropping = step('dedupe', { ...BY_FIRST.options, drop_on_err: true });
    expect(await chainOf([BY_FIRST], failing).run({ 1: 'a' })).toEqual(['a ! cache error: no connection']);
    expect(await chainOf([dropping], failing).run({ 1: 'a' })).toEqual([]);
  });
});

/** Batches are written as the names of their records with their texts. */
function chainOf(steps: readonly ProcessorSettings[], cache = cacheOfMap()) {
  const chain = compileProcessors(steps, {
    logger: silentLogger,
    clock: systemClock,
    resources: resourcesOf({ cache }),
    refusesFailed: false,
  });
  return {
    run: async (batch: Readonly<Record<string, string>>) => {
      const names = Object.keys(batch);
      const run = { signal: new AbortController().signal, identify: (source: number) => names[source] };
      const results = await chain.run(
        Object.values(batch).map((content) => messageOf(content)),
        run,
      );
      return results.map(
        ({ message: { content, failure } }) => `${Buffer.from(content).toString()}${failure ? ` ! ${failure.message}` : ''}`,
      );
    },
  };
}
