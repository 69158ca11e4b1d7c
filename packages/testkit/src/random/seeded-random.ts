/** Random numbers that a 32-bit seed determines (mulberry32), so that a failed test can be repeated. */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /** A number in [0, 1). Bound, so that it can stand for `Math.random`. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number in [0, below). Bound. */
  readonly below = (below: number): number => Math.floor(this.next() * below);

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(from: readonly Item[]): Item {
    return from[this.below(from.length)]!;
  }
}

/** A seed that differs from run to run, printed so that `SLUICE_TEST_SEED` can repeat the run. `what` names the test. */
export function randomFor(what: string): SeededRandom {
  const random = new SeededRandom(Number(process.env['SLUICE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 32)));
  process.stdout.write(`${what}: SLUICE_TEST_SEED=${random.seed}\n`);
  return random;
}
