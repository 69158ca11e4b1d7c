/** Processors that wait, on a clock that moves when told. */
import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import type { ProcessedMessage, ProcessorSettings, Run } from './processor.ts';
import { cacheOfMap, mappingOf, messageOf, resourcesOf, step, text } from './testing/chain.ts';

const BACKOFF = { initial_interval: 1_000, max_interval: 4_000, max_elapsed_time: 60_000 };
const retry = (attempts: number, ...processors: ProcessorSettings[]) =>
  step('retry', { processors, parallel: false, max_retries: attempts, backoff: BACKOFF });

describe('sleep', () => {
  it('waits for each message in turn', async () => {
    const { pending, clock } = start([step('sleep', { duration: text('${! content() }') })], ['10ms', '20ms']);
    await passing(clock, 10);
    await passing(clock, 19);
    expect(await state(pending)).toBe('waiting');
    await passing(clock, 1);
    expect(await told(pending)).toEqual(['10ms', '20ms']);
  });

  it('does not wait for what is no duration', async () => {
    const { pending } = start([step('sleep', { duration: text('soon') })], ['a']);
    expect(await told(pending)).toEqual(['a']);
  });

  it('ends with its run, wherever it stands', async () => {
    const giveUp = new AbortController();
    const sleeping = step('sleep', { duration: text('1h') });
    const branch = step('branch', { processors: [step('for_each', { processors: [retry(2, sleeping)] })] });
    const { pending, clock } = start([branch], ['a'], { signal: giveUp.signal, identify: () => undefined });
    giveUp.abort(new Error('given up'));
    await expect(pending).rejects.toThrow('given up');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a run that was given up', () => {
  it('goes no further, also where what waited cannot be cut short', async () => {
    const giveUp = new AbortController();
    const cache = cacheOfMap();
    const answer = Promise.withResolvers<Uint8Array>();
    const slow = { ...cache, get: () => answer.promise };
    const steps = ['get', 'set'].map((operator) => step('cache', { resource: 'c', operator, key: text('k'), value: text('v') }));
    const { pending } = start(steps, ['a'], { signal: giveUp.signal, identify: () => undefined }, resourcesOf({ cache: slow }));
    giveUp.abort(new Error('given up'));
    answer.resolve(Buffer.from('late'));
    await expect(pending).rejects.toThrow('given up');
    expect(cache.entries.size).toBe(0);
  });
});

describe('rate_limit', () => {
  it('lets messages through in their order, each when there is a place', async () => {
    let places = 1;
    const limit = { access: () => (places-- > 0 ? 0 : 50) };
    const { pending, clock } = start([step('rate_limit', { resource: 'r' })], ['a', 'b'], undefined, resourcesOf({ limit }));
    await passing(clock, 50);
    expect(await state(pending)).toBe('waiting');
    places = 1;
    await passing(clock, 50);
    expect(await told(pending)).toEqual(['a', 'b']);
  });
});

describe('retry', () => {
  const failing = mappingOf('root = if @retry_count < 2 { throw("no") } else { content() + @retry_count.string() }');

  it('makes attempts with growing pauses, each from the original', async () => {
    const { pending, clock } = start([retry(0, mappingOf('root = content() + "!"'), failing)], ['a']);
    await passing(clock, 1_000);
    await passing(clock, 1_499);
    expect(await state(pending)).toBe('waiting');
    await passing(clock, 1);
    const [{ message }] = (await pending) as [ProcessedMessage];
    expect([Buffer.from(message.content).toString(), message.metadata]).toEqual(['a!2', { retry_count: 2, backoff_duration: 1.5e9 }]);
  });

  it('lets a message go on, flagged, after the last attempt', async () => {
    const { pending, clock } = start([retry(2, failing)], ['a']);
    await passing(clock, 1_000);
    expect(await told(pending)).toEqual(['a ! failed assignment (line 1): no']);
  });
});

describe('parallel', () => {
  it.each([
    [0, 20],
    [1, 40],
  ])('with a cap of %i takes %i ms for two waits of 20', async (cap, expectedMs) => {
    const { pending, clock } = start([step('parallel', { cap, processors: [step('sleep', { duration: text('20ms') })] })], ['a', 'b']);
    let tookMs = 0;
    for (; (await state(pending)) === 'waiting'; tookMs += 10) await passing(clock, 10);
    expect(tookMs).toBe(expectedMs);
  });
});

function start(steps: readonly ProcessorSettings[], batch: readonly string[], run?: Run, resources = resourcesOf({})) {
  const clock = new ManualClock();
  const chain = compileProcessors(steps, { logger: silentLogger, clock, resources, random: () => 0.5, refusesFailed: false });
  const messages = batch.map((content) => messageOf(content));
  return { clock, pending: Promise.resolve(run ? chain.run(messages, run) : chain.run(messages)) };
}

/** Lets time pass, and what became due run its course. */
async function passing(clock: ManualClock, milliseconds: number): Promise<void> {
  await turn();
  clock.advance(milliseconds);
  await turn();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const state = async (pending: Promise<unknown>): Promise<'waiting' | 'done'> =>
  Promise.race([pending.then(() => 'done' as const), turn().then(() => 'waiting' as const)]);

const told = async (pending: Promise<readonly ProcessedMessage[]>): Promise<readonly string[]> =>
  (await pending).map(({ message: { content, failure } }) => `${Buffer.from(content).toString()}${failure ? ` ! ${failure.message}` : ''}`);
