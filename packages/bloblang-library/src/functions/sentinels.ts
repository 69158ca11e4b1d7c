import { defineFunction, literalQuery } from '@sluice/bloblang';
import { DELETED, NOTHING } from '@sluice/values';

export const deleted = defineFunction('deleted', {
  category: 'General',
  status: 'stable',
  description: 'Removes what it is assigned to: a field, an element of an array, a variable, metadata, or the whole message.',
  examples: [
    { mapping: 'root = this\nroot.secret = deleted()', input: { id: 1, secret: 'x' }, output: { id: 1 } },
    {
      summary: 'An element that maps to it goes away.',
      mapping: 'root.big = this.n.map_each(n -> if n < 10 { deleted() } else { n })',
      input: { n: [3, 11, 4, 17] },
      output: { big: [11, 17] },
    },
    { summary: 'The message is dropped.', mapping: 'root = if this.n < 0 { deleted() }', input: { n: -1 }, isDropped: true },
  ],
  prepare: () => literalQuery(DELETED, 'delete'),
});

export const nothing = defineFunction('nothing', {
  category: 'General',
  status: 'hidden',
  description: 'Leaves what it is assigned to as it was.',
  examples: [{ mapping: 'root = this\nroot.n = nothing()', input: { n: 1 }, output: { n: 1 } }],
  prepare: () => literalQuery(NOTHING, 'nothing'),
});
