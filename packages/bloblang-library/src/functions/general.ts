import { defineFunction } from '@sluice/bloblang';
import { BloblangError, checkElements, checkLength, Float64 } from '@sluice/values';

export const pi = defineFunction('pi', {
  category: 'General',
  status: 'stable',
  description: 'The number π.',
  isPlugin: true,
  examples: [{ mapping: 'root.radians = this.degrees * (pi() / 180)', input: { degrees: 45 }, output: { radians: 0.7853981633974483 } }],
  evaluate: () => new Float64(Math.PI),
});

export const range = defineFunction('range', {
  category: 'General',
  status: 'stable',
  description:
    'The whole numbers from `start` on, `step` apart. There are `(stop - start) / step` of them, rounded down, so `stop` is not one ' +
    'of them. A negative step counts down.',
  parameters: [
    { name: 'start', type: 'integer', description: 'The first number.' },
    { name: 'stop', type: 'integer', description: 'Where to stop.' },
    { name: 'step', type: 'integer', default: 1n, description: 'The distance between two numbers.' },
  ],
  examples: [
    { mapping: 'root.pages = range(1, 4)', input: {}, output: { pages: [1, 2, 3] } },
    { mapping: 'root.down = range(start: this.n, stop: 0, step: -2)', input: { n: 6 }, output: { down: [6, 4, 2] } },
  ],
  prepare: ([start, stop, step]) => {
    if (step === 0n) throw new BloblangError('step must be greater than or less than 0');
    if (step < 0n && stop > start) throw new BloblangError(`with negative step arg stop (${stop}) must be <= start (${start})`);
    if (step > 0n && start >= stop) throw new BloblangError(`with positive step arg start (${start}) must be < stop (${stop})`);
    const length = (stop - start) / step;
    checkElements(Number(length));
    const numbers: bigint[] = [];
    for (let number = start; numbers.length < length; number += step) numbers.push(number);
    return () => numbers.slice();
  },
});

export const throwFunction = defineFunction('throw', {
  category: 'General',
  status: 'stable',
  description: 'Fails with a text, as a mapping does by itself when something is wrong. It can be caught.',
  parameters: [{ name: 'why', type: 'string', description: 'The text of the error.' }],
  examples: [
    {
      mapping: 'root.kind = match this.type {\n  "a" => "apple"\n  _ => throw("no such type: " + this)\n}',
      input: { type: 'z' },
      error: 'failed assignment (line 1): no such type: z',
    },
    { mapping: 'root.id = this.id | throw("no id").catch("none")', input: {}, output: { id: 'none' } },
  ],
  prepare:
    ([why]) =>
    () => {
      throw new BloblangError(why);
    },
});

export const bytes = defineFunction('bytes', {
  category: 'General',
  status: 'stable',
  description: 'A number of zero bytes.',
  parameters: [{ name: 'length', type: 'integer', description: 'How many.' }],
  examples: [{ mapping: 'root.header = bytes(3)', input: {}, output: { header: 'AAAA' } }],
  prepare: ([length]) => {
    if (length < 0n) throw new BloblangError(`length must not be negative: ${length}`);
    checkLength(Number(length));
    return () => new Uint8Array(Number(length));
  },
});

export const variable = defineFunction('var', {
  category: 'General',
  status: 'hidden',
  description: 'The value of a variable, whatever characters its name holds.',
  parameters: [{ name: 'name', type: 'string', description: 'The name of the variable.' }],
  examples: [{ mapping: 'let "my value" = 3\nroot.n = var("my value")', input: {}, output: { n: 3 } }],
  prepare: ([name]) => ({
    annotation: `variable ${name}`,
    evaluate: ({ frame: { variables } }) => {
      if (variables === null) throw new BloblangError('variables were undefined');
      const value = variables.get(name);
      if (value === undefined) throw new BloblangError(`variable '${name}' undefined`);
      return value;
    },
  }),
});
