import { defineMethod } from '@sluice/bloblang';
import { formatXml, parseXml } from '@sluice/codecs';
import { decodeText, encodeText, wrapError } from '@sluice/values';

export const parseXmlMethod = defineMethod('parse_xml', {
  category: 'Parsing',
  status: 'beta',
  isPlugin: true,
  receiver: 'bytes',
  description:
    'An XML document as an object with its root element. Attributes become keys that begin with `-`, the text of an element that has ' +
    'attributes or children becomes `#text`, and elements of the same name become an array. Comments, directives, namespaces and the order ' +
    'of elements are lost.',
  parameters: [
    {
      name: 'cast',
      type: 'bool',
      default: false,
      description: 'Whether what looks like a number or a bool becomes one; all is text otherwise.',
    },
  ],
  examples: [
    {
      mapping: 'root = this.doc.parse_xml()',
      input: { doc: '<order id="7"><item>tea</item><item>milk</item></order>' },
      output: { order: { '-id': '7', item: ['tea', 'milk'] } },
    },
    {
      mapping: 'root = content().parse_xml(cast: true)',
      input: '<price currency="EUR">12.50</price>',
      output: { price: { '-currency': 'EUR', '#text': 12.5 } },
    },
  ],
  prepare:
    ([casts]) =>
    (bytes) => {
      try {
        return parseXml(decodeText(bytes), casts);
      } catch (error) {
        throw wrapError('parsing value as XML', error);
      }
    },
});

export const formatXmlMethod = defineMethod('format_xml', {
  category: 'Parsing',
  status: 'beta',
  isPlugin: true,
  receiver: 'object',
  description:
    'The target as an XML document, as bytes; the way back from `parse_xml`. An object that has not exactly one key is wrapped in `<doc>`. ' +
    'Text is written as it is: call `escape_html()` on what may hold `<` or `&`.',
  parameters: [
    { name: 'indent', type: 'string', default: '    ', description: 'What one level is indented by.' },
    { name: 'no_indent', type: 'bool', default: false, description: 'Whether all is written on one line.' },
  ],
  examples: [
    {
      mapping: 'root = this.format_xml("  ")',
      input: { order: { '-id': 7, item: ['tea', 'milk'] } },
      output: '<order id="7">\n  <item>tea</item>\n  <item>milk</item>\n</order>',
    },
    { mapping: 'root = this.format_xml(no_indent: true)', input: { a: 1, b: { '#text': 'x' } }, output: '<doc><a>1</a><b>x</b></doc>' },
  ],
  prepare:
    ([indent, noIndent]) =>
    (object) =>
      encodeText(formatXml(object, noIndent ? undefined : indent)),
});
