import { defineMethod } from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';

export const apply = defineMethod('apply', {
  category: 'General',
  status: 'stable',
  description: 'Runs a map of the mapping on the target: within it, `this` is the target, and its `root` becomes the result.',
  parameters: [{ name: 'mapping', type: 'string', description: 'The name of the map.' }],
  examples: [
    {
      mapping: 'map shorten {\n  root.name = this.first_name\n}\nroot.owner = this.owner.apply("shorten")',
      input: { owner: { first_name: 'Ada', last_name: 'Lovelace' } },
      output: { owner: { name: 'Ada' } },
    },
    {
      summary: 'The map may be one of several, chosen by the message.',
      mapping: 'map cents {\n  root = this * 100\n}\nmap euros {\n  root = this\n}\nroot.amount = this.amount.apply(this.unit)',
      input: { amount: 3, unit: 'cents' },
      output: { amount: 300 },
    },
  ],
  bind: (target, [name]) => ({
    annotation: `map ${name}`,
    evaluate: (context) => {
      const value = target.evaluate(context);
      const { maps } = context.frame;
      if (maps === null) throw new BloblangError('no maps were found');
      const map = maps.get(name);
      if (map === undefined) throw new BloblangError(`map ${name} was not found`);
      return map.run(context.withValue(value));
    },
  }),
});
