import { defineMethod } from '@sluice/bloblang';
import { readLogfmt } from '@sluice/codecs';
import { textOf } from '../string/text.ts';

export const parseLogfmt = defineMethod('parse_logfmt', {
  category: 'Parsing',
  status: 'stable',
  description:
    'The fields of a log line such as `level=info msg="hello world"`, as text; a key without a value is `true`. Only spaces stand between fields.',
  examples: [
    {
      mapping: 'root = this.line.parse_logfmt()',
      input: { line: 'at=2024-02-29T23:30:00Z msg="disk \\"sda\\" is full" used=99.5% urgent' },
      output: { at: '2024-02-29T23:30:00Z', msg: 'disk "sda" is full', urgent: true, used: '99.5%' },
    },
  ],
  evaluate: (value) => readLogfmt(textOf(value)),
});
