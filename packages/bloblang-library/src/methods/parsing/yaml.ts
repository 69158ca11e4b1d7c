import { defineMethod } from '@sluice/bloblang';
import { readYaml, writeYaml } from '@sluice/codecs';
import { BloblangError, encodeText } from '@sluice/values';
import { textOf } from '../string/text.ts';

export const parseYaml = defineMethod('parse_yaml', {
  category: 'Parsing',
  status: 'stable',
  description:
    'The value of a YAML document, the first one if there are several. An object with keys that are no text can only be written as YAML again.',
  examples: [
    {
      mapping: 'root = this.text.parse_yaml()',
      input: { text: 'base: &base {retries: 3}\njob:\n  <<: *base\n  names: [a, "1"]\n' },
      output: { base: { retries: 3 }, job: { names: ['a', '1'], retries: 3 } },
    },
  ],
  evaluate: (value) => {
    const text = textOf(value);
    try {
      return readYaml(text);
    } catch (error) {
      throw error instanceof BloblangError ? new BloblangError(`failed to parse value as YAML: ${error.message}`) : error;
    }
  },
});

export const formatYaml = defineMethod('format_yaml', {
  category: 'Parsing',
  status: 'stable',
  description:
    'The target as the bytes of a YAML document. Numbers that still are as they came with the message are quoted, like any text that looks like a number.',
  examples: [
    { mapping: 'root = this.format_yaml()', input: { b: ['x', { y: 'no' }], a: null }, output: 'a: null\nb:\n    - x\n    - "y": "no"\n' },
    {
      mapping: 'root.text = {"n": this.n, "sum": this.n + 1}.format_yaml().string()',
      input: { n: 1 },
      output: { text: '"n": "1"\nsum: 2\n' },
    },
  ],
  evaluate: (value) => encodeText(writeYaml(value)),
});
