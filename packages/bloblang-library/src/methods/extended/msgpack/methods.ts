import { defineMethod } from '@sluice/bloblang';
import { formatMsgpack, parseMsgpack as parse } from '@sluice/codecs';

export const parseMsgpack = defineMethod('parse_msgpack', {
  category: 'Parsing',
  status: 'stable',
  isPlugin: true,
  receiver: 'bytes',
  description: 'The value that a MessagePack document holds.',
  examples: [
    { mapping: 'root = content().decode("hex").parse_msgpack()', input: '82a16101a162c3', output: { a: 1, b: true } },
    { mapping: 'root.doc = this.packed.decode("base64").parse_msgpack()', input: { packed: 'gaFhkQI=' }, output: { doc: { a: [2] } } },
  ],
  evaluate: parse,
});

export const formatMsgpackMethod = defineMethod('format_msgpack', {
  category: 'Parsing',
  status: 'stable',
  isPlugin: true,
  description: 'The target as a MessagePack document, as bytes. Integers of a message take as few bytes as they need, computed ones eight.',
  examples: [
    { mapping: 'root = this.format_msgpack().encode("hex")', input: { a: 1 }, output: '81a16101' },
    { mapping: 'root = {"n": this.n.int64()}.format_msgpack().encode("hex")', input: { n: 7 }, output: '81a16ed30000000000000007' },
  ],
  evaluate: formatMsgpack,
});
