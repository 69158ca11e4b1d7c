import { defineMethod } from '@sluice/bloblang';

export const from = defineMethod('from', {
  category: 'General',
  status: 'stable',
  description: 'Evaluates the target as seen from another message of the batch: `json`, `content` and `metadata` look at that one.',
  parameters: [{ name: 'index', type: 'integer', description: 'The place of that message in the batch, from 0.' }],
  examples: [{ mapping: 'root = this\nroot.first_id = json("id").from(0)', input: { id: 7 }, output: { id: 7, first_id: 7 } }],
  bind: (target, [index]) => ({
    annotation: `${target.annotation} from ${index}`,
    evaluate: (context) => target.evaluate(context.withIndex(Number(index))),
  }),
});

export const fromAll = defineMethod('from_all', {
  category: 'General',
  status: 'stable',
  description: 'Evaluates the target once for each message of the batch and gives the results as an array.',
  examples: [{ mapping: 'root.total = json("n").from_all().sum()', input: { n: 3 }, output: { total: 3 } }],
  bind: (target) => (context) =>
    Array.from({ length: context.execution.batchSize }, (_, index) => target.evaluate(context.withIndex(index))),
});
