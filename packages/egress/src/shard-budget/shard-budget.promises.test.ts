/** What writers that borrow from a ledger get of a shard, whatever throttles it. */
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { simulateShard } from '../testing/simulated-shard.ts';

const RUNS = 5;
const SECONDS = 45;

describe('the budget of a shard', () => {
  it('fills it without throttling while nobody else writes to it', async () => {
    for (const { writers, answerMs, random } of runs('full load')) {
      const { written, throttled } = await simulateShard({ writers, answerMs }, random, SECONDS);
      expect([throttled, written > 950]).toEqual([0, true]);
    }
  });

  it('leaves others what they write, with little throttling', async () => {
    for (const { writers, answerMs, random } of runs('foreign writers')) {
      const foreign = random.between(50, 400);
      const { written, throttled } = await simulateShard({ writers, answerMs, foreign }, random, SECONDS);
      expect(throttled).toBeLessThan(0.03);
      expect(written).toBeGreaterThan(0.8 * (1_000 - foreign));
    }
  });

  it('loses little more than what throttles at random', async () => {
    for (const { writers, answerMs, random } of runs('random throttling')) {
      const atRandom = random.between(1, 6) / 100;
      const { written } = await simulateShard({ writers, answerMs, atRandom }, random, SECONDS);
      expect(written).toBeGreaterThan(700);
    }
  });

  it('leaves others what they write where something throttles at random besides', async () => {
    for (const { writers, answerMs, random } of runs('foreign writers and random throttling')) {
      const { throttled } = await simulateShard({ writers, answerMs, atRandom: 0.03, foreign: 400 }, random, SECONDS, 5);
      expect(throttled).toBeLessThan(0.12);
    }
  });
});

function runs(what: string): { readonly writers: number; readonly answerMs: number; readonly random: SeededRandom }[] {
  const random = randomFor(what);
  return Array.from({ length: RUNS }, () => ({ writers: random.between(1, 6), answerMs: random.between(10, 100), random }));
}
