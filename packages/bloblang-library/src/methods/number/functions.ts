import { defineMethod } from '@sluice/bloblang';
import { Float64, getNumber, INT64_MAX, INT64_MIN, sanitize, ValueTypeError } from '@sluice/values';
import { cos as goCos, log10 as goLog10, pow as goPow, sin as goSin, tan as goTan } from './go-math.ts';
import { settledTarget } from './settled-target.ts';

export const abs = defineMethod('abs', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number without its sign. The smallest 64-bit integer becomes the greatest.',
  isPlugin: true,
  examples: [{ mapping: 'root.n = this.n.map_each(n -> n.abs())', input: { n: [9, -18, -4.56] }, output: { n: [9, 18, 4.56] } }],
  evaluate: (value) => {
    const number = sanitize(value);
    if (number instanceof Float64) return new Float64(Math.abs(number.value));
    if (typeof number !== 'bigint') throw new ValueTypeError(value, ['number', 'integer']);
    if (number >= 0n) return number;
    return number === INT64_MIN ? INT64_MAX : -number;
  },
});

export const pow = defineMethod('pow', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The number raised to a power.',
  isPlugin: true,
  receiver: 'number',
  parameters: [{ name: 'exponent', type: 'float', description: 'The power.' }],
  examples: [
    { mapping: 'root.area = this.side.pow(2)', input: { side: 3 }, output: { area: 9 } },
    { mapping: 'root.n = this.n * 10.pow(-2)', input: { n: 2 }, output: { n: 0.02 } },
  ],
  evaluate: (base, [exponent]) => new Float64(goPow(base, exponent)),
});

export const log = defineMethod('log', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The natural logarithm of the number.',
  examples: [{ mapping: 'root.n = this.n.log()', input: { n: 1 }, output: { n: 0 } }],
  evaluate: (value) => new Float64(Math.log(getNumber(settledTarget(value)))),
});

export const log10 = defineMethod('log10', {
  category: 'Number Manipulation',
  status: 'stable',
  description: 'The logarithm of the number to the base ten.',
  examples: [{ mapping: 'root.digits = this.n.log10()', input: { n: 1000 }, output: { digits: 3 } }],
  evaluate: (value) => new Float64(goLog10(getNumber(settledTarget(value)))),
});

const angleMethod = (name: string, noun: string, output: number, of: (angle: number) => number) =>
  defineMethod(name, {
    category: 'Number Manipulation',
    status: 'stable',
    description: `The ${noun} of an angle in radians.`,
    isPlugin: true,
    receiver: 'number',
    examples: [{ mapping: `root.v = this.angle.${name}()`, input: { angle: 0 }, output: { v: output } }],
    evaluate: (angle) => new Float64(of(angle)),
  });

export const sin = angleMethod('sin', 'sine', 0, goSin);
export const cos = angleMethod('cos', 'cosine', 1, goCos);
export const tan = angleMethod('tan', 'tangent', 0, goTan);
