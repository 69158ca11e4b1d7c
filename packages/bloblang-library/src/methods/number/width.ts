import { defineMethod } from '@sluice/bloblang';
import { BloblangError, Float32, Float64, quote, SizedInteger, toInt, toNumber, toText, toUint, Uint64 } from '@sluice/values';

const RANGE_HINT = 'Fails if the number has decimals or is out of range; a text may name its base, as `0xff` does.';

function signed(bits: 8 | 16 | 32 | 64) {
  const limit = 2n ** BigInt(bits - 1);
  return defineMethod(`int${bits}`, {
    category: 'Number Manipulation',
    status: 'stable',
    description: `The target as a signed integer of ${bits} bits. ${RANGE_HINT}`,
    isPlugin: true,
    examples: [
      { mapping: `root.n = this.n.map_each(n -> n.int${bits}())`, input: { n: [12, '-12', '0x7f'] }, output: { n: [12, -12, 127] } },
      { mapping: `root.n = this.n.round().int${bits}()`, input: { n: 12.34 }, output: { n: 12 } },
    ],
    evaluate: (value) => {
      const integer = toInt(value);
      if (integer >= limit) throw new BloblangError(`value is too large to be cast as ${article(bits)} ${bits}-bit signed integer`);
      if (integer < -limit) throw new BloblangError(`value is too small to be cast as ${article(bits)} ${bits}-bit signed integer`);
      return bits === 64 ? integer : new SizedInteger(integer, `int${bits}`);
    },
  });
}

function unsigned(bits: 8 | 16 | 32 | 64) {
  const limit = 2n ** BigInt(bits);
  return defineMethod(`uint${bits}`, {
    category: 'Number Manipulation',
    status: 'stable',
    description: `The target as an unsigned integer of ${bits} bits. ${RANGE_HINT}`,
    isPlugin: true,
    examples: [
      { mapping: `root.n = this.n.map_each(n -> n.uint${bits}())`, input: { n: [12, '12', '0xff'] }, output: { n: [12, 12, 255] } },
      { mapping: `root.n = this.n.uint${bits}().catch(0)`, input: { n: -12 }, output: { n: 0 } },
    ],
    evaluate: (value) => {
      const integer = toUint(value);
      if (integer >= limit) throw new BloblangError(`value is too large to be cast as ${article(bits)} ${bits}-bit unsigned integer`);
      return bits === 64 ? new Uint64(integer) : new SizedInteger(integer, `uint${bits}`);
    },
  });
}

const article = (bits: number): string => (bits === 8 ? 'an' : 'a');

const float64 = defineMethod('float64', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The target as a 64-bit float, read from text if need be.',
  isPlugin: true,
  examples: [
    { mapping: 'root.n = this.n.float64()', input: { n: '6.674282313423543523453425345e-11' }, output: { n: 6.674282313423544e-11 } },
  ],
  evaluate: (value) => new Float64(toNumber(value)),
});

const float32 = defineMethod('float32', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The target as a 32-bit float, read from text if need be.',
  isPlugin: true,
  examples: [{ mapping: 'root.n = this.n.float32()', input: { n: '6.674282313423543523453425345e-11' }, output: { n: 6.674283e-11 } }],
  evaluate: (value) => {
    const number = toNumber(value);
    const isRead =
      !(value instanceof Float64) && typeof value !== 'bigint' && !(value instanceof Uint64) && !(value instanceof SizedInteger);
    if (isRead && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) {
      throw new BloblangError(`strconv.ParseFloat: parsing ${quote(toText(value))}: value out of range`);
    }
    return new Float32(number);
  },
});

export const widthMethods = [...([8, 16, 32, 64] as const).map(signed), ...([8, 16, 32, 64] as const).map(unsigned), float64, float32];
