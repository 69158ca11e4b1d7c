import { type Context, defineMethod, type Lambda } from '@sluice/bloblang';
import { type Value, ValueTypeError, wrapError } from '@sluice/values';

const TEST = { name: 'test', type: 'query', description: 'What an element is asked; must give a bool.' } as const;

export const all = defineMethod('all', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Whether a test holds for every element of an array. False for an empty one.',
  receiver: 'array',
  parameters: [TEST],
  examples: [
    { mapping: 'root.adults = this.ages.all(age -> age >= 18)', input: { ages: [18, 40] }, output: { adults: true } },
    { mapping: 'root.adults = this.ages.all(age -> age >= 18)', input: { ages: [] }, output: { adults: false } },
  ],
  evaluate: (values, [test], context) => values.length > 0 && values.every((value, index) => holds(test, value, index, context)),
});

export const any = defineMethod('any', {
  category: 'Object & Array Manipulation',
  status: 'stable',
  description: 'Whether a test holds for at least one element of an array.',
  receiver: 'array',
  parameters: [TEST],
  examples: [
    {
      mapping: 'root.failed = this.steps.any(s -> s.status == "error")',
      input: { steps: [{ status: 'ok' }, { status: 'error' }] },
      output: { failed: true },
    },
    { mapping: 'root.failed = this.steps.any(s -> s.status == "error")', input: { steps: [] }, output: { failed: false } },
  ],
  evaluate: (values, [test], context) => values.some((value, index) => holds(test, value, index, context)),
});

function holds(test: Lambda, value: Value, index: number, context: Context): boolean {
  try {
    const result = test(value, context);
    if (typeof result === 'boolean') return result;
    throw new ValueTypeError(result, ['bool']);
  } catch (error) {
    throw wrapError(`element ${index}`, error);
  }
}
