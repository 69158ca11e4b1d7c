import { defineMethod } from '../../registry/define-method.ts';
import { compilePattern } from './pattern.ts';

export const reMatch = defineMethod('re_match', {
  category: 'Regular Expressions',
  status: 'stable',
  description: 'Whether a regular expression (RE2 syntax) matches anywhere in the text.',
  receiver: 'string',
  parameters: [{ name: 'pattern', type: 'string', description: 'The regular expression.' }],
  examples: [
    { mapping: 'root.is_id = this.v.re_match("^[a-f0-9]{4}$")', input: { v: '09af' }, output: { is_id: true } },
    { mapping: 'root.is_id = this.v.re_match("^[a-f0-9]{4}$")', input: { v: '09axf' }, output: { is_id: false } },
  ],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    return (text) => pattern.matcher(text).find();
  },
});
