import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callWithTimeout, type Progress } from './call-with-timeout.ts';

const call = { operation: 'GetRecords', stream: 's', timeoutMs: 1_000 } as const;
const timedOut = { code: 'KINESIS_TIMEOUT' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('ends a call of which nothing comes, once the time-out has passed', async () => {
  const { outcome } = begin();
  await vi.advanceTimersByTimeAsync(999);
  expect(await outcome()).toBe('open');
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome()).toMatchObject(timedOut);
});

it('counts silence, not the time that an answer takes: each part of it begins the time-out anew', async () => {
  const { progress, outcome } = begin();
  for (let part = 0; part < 20; part++) {
    await vi.advanceTimersByTimeAsync(900);
    progress();
  }
  expect(await outcome()).toBe('open');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome()).toMatchObject(timedOut);
});

it('gives up an answer that trickles in for four minutes', async () => {
  const { progress, outcome } = begin();
  for (let passedMs = 0; passedMs < 242_000; passedMs += 900) {
    await vi.advanceTimersByTimeAsync(900);
    progress();
  }
  expect(await outcome()).toMatchObject(timedOut);
});

/** A call that ends only when it is aborted. */
function begin() {
  let progress: Progress = () => undefined;
  const answer = callWithTimeout(call, undefined, (signal, onProgress) => {
    progress = onProgress;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const ended = answer.catch((error: unknown) => error);
  return { progress: () => progress(), outcome: () => Promise.race([ended, turn()]) };
}

/** Later than whatever has happened already. */
async function turn(): Promise<'open'> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
  return 'open';
}
