import { defineMethod } from '@sluice/bloblang';
import { BloblangError, decodeText, encodeText, quote } from '@sluice/values';

/** Bytes that stay as they are in a query and in a path segment, as Go's `net/url` has it. */
const QUERY_SAFE = /[A-Za-z0-9\-_.~]/;
const PATH_SAFE = /[A-Za-z0-9\-_.~$&+:=@]/;

function escapeBytes(text: string, safe: RegExp): string {
  let escaped = '';
  for (const byte of encodeText(text)) {
    const character = String.fromCharCode(byte);
    escaped += byte < 0x80 && safe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

function unescapeText(text: string, isQuery: boolean): string {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(text);
  if (wrong !== null) throw new BloblangError(`invalid URL escape ${quote(wrong[0])}`);
  const plain = isQuery ? text.replaceAll('+', ' ') : text;
  if (!plain.includes('%')) return plain;
  const parts = plain.split(/((?:%[0-9a-fA-F]{2})+)/);
  const bytes = parts.map((part, place) => (place % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : encodeText(part)));
  return decodeText(Buffer.concat(bytes));
}

export const escapeUrlQuery = defineMethod('escape_url_query', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text as it may stand within the query of a URL; a space becomes `+`.',
  receiver: 'string',
  examples: [{ mapping: 'root.q = this.q.escape_url_query()', input: { q: 'foo & bar' }, output: { q: 'foo+%26+bar' } }],
  evaluate: (text) => escapeBytes(text, QUERY_SAFE).replaceAll('%20', '+'),
});

export const unescapeUrlQuery = defineMethod('unescape_url_query', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text that a part of the query of a URL stands for.',
  receiver: 'string',
  examples: [{ mapping: 'root.q = this.q.unescape_url_query()', input: { q: 'foo+%26+bar' }, output: { q: 'foo & bar' } }],
  evaluate: (text) => unescapeText(text, true),
});

export const escapeUrlPath = defineMethod('escape_url_path', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text as it may stand as one segment of the path of a URL.',
  receiver: 'string',
  examples: [{ mapping: 'root.p = this.p.escape_url_path()', input: { p: 'my file/1.pdf' }, output: { p: 'my%20file%2F1.pdf' } }],
  evaluate: (text) => escapeBytes(text, PATH_SAFE),
});

export const unescapeUrlPath = defineMethod('unescape_url_path', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text that a segment of the path of a URL stands for.',
  receiver: 'string',
  examples: [{ mapping: 'root.p = this.p.unescape_url_path()', input: { p: 'my%20file+1.pdf' }, output: { p: 'my file+1.pdf' } }],
  evaluate: (text) => unescapeText(text, false),
});
