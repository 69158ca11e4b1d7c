import { defineMethod } from '@sluice/bloblang';
import { decodeHTML } from 'entities';

const ENTITIES: Record<string, string> = { '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;', '"': '&#34;' };

export const escapeHtml = defineMethod('escape_html', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text with entities in place of `<`, `>`, `&`, `\'` and `"`.',
  receiver: 'string',
  examples: [{ mapping: 'root.t = this.t.escape_html()', input: { t: '<b> & "c"' }, output: { t: '&lt;b&gt; &amp; &#34;c&#34;' } }],
  evaluate: (text) => text.replace(/[&'<>"]/g, (character) => ENTITIES[character]!),
});

export const unescapeHtml = defineMethod('unescape_html', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text with the characters that its entities stand for, named or numbered.',
  receiver: 'string',
  examples: [
    { mapping: 'root.t = this.t.unescape_html()', input: { t: '&lt;b&gt; &amp; &aacute;&#225;&#xE1;' }, output: { t: '<b> & ááá' } },
  ],
  evaluate: (text) => decodeHTML(text),
});
