/** Chance that can be repeated: `SLUICE_E2E_SEED` names the seed of a run that is to be looked at again. */
export interface Chance {
  readonly seed: number;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
}

/** Prints its seed, so that a failure can be repeated. */
export function chance(what: string): Chance {
  const seed = Number(process.env['SLUICE_E2E_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
  process.stdout.write(`${what}: seed ${seed}\n`);
  const random = mulberry32(seed);
  return { seed, between: (least, most) => least + Math.floor(random() * (most - least + 1)) };
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
