import { defineMethod } from '@sluice/bloblang';
import { isNull, type Value } from '@sluice/values';

export const or = defineMethod('or', {
  category: 'General',
  status: 'stable',
  description: 'What stands in when the target fails, is null, or has no result; the operator `|` as a method.',
  parameters: [{ name: 'fallback', type: 'query', description: 'A value, or a query to run.' }],
  examples: [
    { mapping: 'root.name = this.name.or("nobody")', input: {}, output: { name: 'nobody' } },
    { mapping: 'root.name = this.nick.or(this.name)', input: { name: 'Ada' }, output: { name: 'Ada' } },
  ],
  bind: (target, [fallback]) => {
    const { query } = fallback;
    return (context) => {
      let value: Value;
      try {
        value = target.evaluate(context);
      } catch {
        return query.evaluate(context);
      }
      return isNull(value) ? query.evaluate(context) : value;
    };
  },
});
