import { START_STATE } from './go-random-table.ts';

const LENGTH = 607;
const TAP = 273;
const SEED_MODULUS = 2n ** 31n - 1n;
const MASK_63 = 2n ** 63n - 1n;

/**
 * The generator of Go's `math/rand` version 1: the same seed gives the same numbers, so that a mapping with `random_int()` makes
 * the sequence it always made.
 */
export class GoRandom {
  private readonly state: BigUint64Array;
  private tap = 0;
  private feed = LENGTH - TAP;

  constructor(seed: bigint) {
    this.state = startState();
    const positive = ((seed % SEED_MODULUS) + SEED_MODULUS) % SEED_MODULUS;
    let x = Number(positive === 0n ? 89_482_311n : positive);
    const next = (): bigint => {
      x = nextSeed(x);
      return BigInt(x);
    };
    for (let skipped = 0; skipped < 20; skipped++) next();
    for (let index = 0; index < LENGTH; index++) {
      const mixed = (next() << 40n) ^ (next() << 20n) ^ next();
      this.state[index] = this.state[index]! ^ BigInt.asUintN(64, mixed);
    }
  }

  /** A number from 0 up to, not including, `bound`. */
  below(bound: bigint): bigint {
    if ((bound & (bound - 1n)) === 0n) return this.next63() & (bound - 1n);
    const highest = MASK_63 - (2n ** 63n % bound);
    let value = this.next63();
    while (value > highest) value = this.next63();
    return value % bound;
  }

  private next63(): bigint {
    this.tap = (this.tap + LENGTH - 1) % LENGTH;
    this.feed = (this.feed + LENGTH - 1) % LENGTH;
    this.state[this.feed] = this.state[this.feed]! + this.state[this.tap]!;
    return this.state[this.feed]! & MASK_63;
  }
}

function startState(): BigUint64Array {
  const bytes = new Uint8Array(LENGTH * 8);
  bytes.set(Buffer.from(START_STATE, 'base64'));
  return new BigUint64Array(bytes.buffer);
}

/** x * 48271 modulo 2^31 - 1; the product stays within what a float holds exactly. */
const nextSeed = (x: number): number => (x * 48_271) % 2_147_483_647;
