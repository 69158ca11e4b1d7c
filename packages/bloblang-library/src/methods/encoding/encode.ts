import { defineMethod } from '@sluice/bloblang';
import { schemeOf } from '@sluice/codecs';
import { bytesOf, checkLength } from '@sluice/values';

const DESCRIPTION_OF_SCHEMES =
  'Schemes are `base64` and `base64url` (with padding), `base64rawurl` (without), `hex` and `ascii85`. `z85` works on whole groups of ' +
  'four bytes, or five characters, only.';

export const encode = defineMethod('encode', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description: `The text or bytes of the target, written as text by a scheme. ${DESCRIPTION_OF_SCHEMES}`,
  parameters: [{ name: 'scheme', type: 'string', description: 'The name of the scheme.' }],
  examples: [
    { mapping: 'root.id = this.id.encode("base64rawurl")', input: { id: 'a?>' }, output: { id: 'YT8-' } },
    { mapping: 'root.id = this.id.encode("hex")', input: { id: 'né' }, output: { id: '6ec3a9' } },
  ],
  prepare: ([name]) => {
    const scheme = schemeOf(name);
    return (value) => {
      const bytes = bytesOf(value);
      checkLength(bytes.length * 2);
      return scheme.encode(bytes);
    };
  },
});

export const decode = defineMethod('decode', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description:
    'The bytes that an encoded text stands for. Call `string()` on them to put them into a document as text, since bytes become base64 ' +
    `there. ${DESCRIPTION_OF_SCHEMES}`,
  parameters: [{ name: 'scheme', type: 'string', description: 'The name of the scheme.' }],
  examples: [
    { mapping: 'root.text = this.data.decode("base64").string()', input: { data: 'YWJj' }, output: { text: 'abc' } },
    { mapping: 'root = content().decode("ascii85")', input: '87cURDZ', output: 'Hello' },
    {
      mapping: 'root.text = this.data.decode("hex").string().catch("no hex")',
      input: { data: 'xyz' },
      output: { text: 'no hex' },
    },
  ],
  prepare: ([name]) => {
    const scheme = schemeOf(name);
    return (value) => {
      const bytes = bytesOf(value);
      // A `z` of ascii85 stands for four bytes.
      checkLength(name === 'ascii85' ? bytes.length * 4 : bytes.length);
      return scheme.decode(bytes);
    };
  },
});
