import { defineMethod } from '../../registry/define-method.ts';
import { BloblangError } from '../../value/errors.ts';
import { quote as quoteText } from '../../value/quote.ts';
import { unquote as unquoteText } from '../../value/unquote.ts';

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
