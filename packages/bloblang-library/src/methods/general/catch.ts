import { defineMethod } from '@sluice/bloblang';
import { errorText } from '@sluice/values';

export const catchMethod = defineMethod('catch', {
  category: 'General',
  status: 'stable',
  description: 'What stands in when the target fails, whatever the reason. A query sees the text of the error as `this`.',
  parameters: [{ name: 'fallback', type: 'query', description: 'A value, or a query to run on the text of the error.' }],
  examples: [
    { mapping: 'root.n = this.n.number().catch(0)', input: { n: 'seven' }, output: { n: 0 } },
    {
      summary: 'The text of the error can be kept.',
      mapping: 'root.n = this.n.number().catch(err -> {"failed": err})',
      input: { n: 'seven' },
      output: { n: { failed: 'field `this.n`: strconv.ParseFloat: parsing "seven": invalid syntax' } },
    },
    { summary: 'Messages that are not JSON are dropped.', mapping: 'root = this.catch(deleted())', input: 'no document', isDropped: true },
  ],
  bind:
    (target, [fallback]) =>
    (context) => {
      try {
        return target.evaluate(context);
      } catch (error) {
        return fallback(errorText(error), context);
      }
    },
});
