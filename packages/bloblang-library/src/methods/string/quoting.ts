import { defineMethod } from '@sluice/bloblang';
import { BloblangError, quote as quoteText, unquote as unquoteText } from '@sluice/values';

export const quote = defineMethod('quote', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text in double quotes, with escapes for what cannot be printed.',
  receiver: 'string',
  examples: [{ mapping: 'root.q = this.t.quote()', input: { t: 'a\n"b"' }, output: { q: '"a\\n\\"b\\""' } }],
  evaluate: (text) => quoteText(text),
});

export const unquote = defineMethod('unquote', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text that a quoted text (in double quotes, single quotes or backticks) stands for.',
  receiver: 'string',
  examples: [{ mapping: 'root.t = this.q.unquote()', input: { q: '"a\\n\\x41"' }, output: { t: 'a\nA' } }],
  evaluate: (text) => {
    const unquoted = unquoteText(text);
    if (unquoted === undefined) throw new BloblangError('invalid syntax');
    return unquoted;
  },
});
