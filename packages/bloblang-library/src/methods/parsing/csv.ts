import { defineMethod } from '@sluice/bloblang';
import { readCsv } from '@sluice/codecs';
import { BloblangError, setKey, type ValueObject } from '@sluice/values';
import { textOf } from '../string/text.ts';

export const parseCsv = defineMethod('parse_csv', {
  category: 'Parsing',
  status: 'stable',
  description: 'The records of a CSV text (RFC 4180): objects with the names of the first record as keys, or arrays.',
  parameters: [
    { name: 'parse_header_row', type: 'bool', default: true, description: 'The first record holds the names of the columns.' },
    { name: 'delimiter', type: 'string', default: ',', description: 'The character between fields.' },
    {
      name: 'lazy_quotes',
      type: 'bool',
      default: false,
      description: 'Let quotes stand within a field, and single ones within a quoted field.',
    },
  ],
  examples: [
    {
      mapping: 'root = this.text.parse_csv()',
      input: { text: 'id,name\n1,"Doe, Jane"\n2,""' },
      output: [
        { id: '1', name: 'Doe, Jane' },
        { id: '2', name: '' },
      ],
    },
    {
      mapping: 'root = this.text.parse_csv(false)',
      input: { text: '1,2\n3,4' },
      output: [
        ['1', '2'],
        ['3', '4'],
      ],
    },
    { mapping: 'root = this.text.parse_csv(delimiter: ";")', input: { text: 'a;b\n1;2' }, output: [{ a: '1', b: '2' }] },
    { mapping: 'root = this.text.parse_csv(false, ",", true)', input: { text: 'a "b" c,d' }, output: [['a "b" c', 'd']] },
  ],
  evaluate: (value, [hasHeader, delimiter, allowsLazyQuotes]) => {
    if ([...delimiter].length !== 1) throw new BloblangError('delimiter value must be exactly one character');
    const records = readCsv(textOf(value), { delimiter, allowsLazyQuotes });
    const [names, ...rest] = records;
    if (names === undefined) throw new BloblangError('zero records were parsed');
    return hasHeader ? rest.map(objectMaker(names)) : records;
  },
});

/** Makes objects of records. They are copies of one object, so that each has its fields without their being added one by one. */
function objectMaker(names: readonly string[]): (record: readonly string[]) => ValueObject {
  const template: ValueObject = {};
  for (const name of names) setKey(template, name, '');
  return (record) => {
    const object = { ...template };
    for (let place = 0; place < names.length; place++) object[names[place]!] = record[place]!;
    return object;
  };
}
