import { defineMethod } from '@sluice/bloblang';
import { parseGoUrl, unescapeUrl } from '@sluice/codecs';
import { BloblangError, setKey, type Value, type ValueObject } from '@sluice/values';

export const parseUrl = defineMethod('parse_url', {
  category: 'Parsing',
  status: 'stable',
  description:
    'The parts of a URL: `scheme`, `host` with port, `path`, `raw_query`, `fragment`, `opaque`, and `user` with `name` and `password` if there is one. `raw_path` and `raw_fragment` are set if path or fragment were escaped otherwise than usual.',
  receiver: 'string',
  examples: [
    {
      mapping: 'root = this.url.parse_url()',
      input: { url: 'https://api.example.com:8443/v1/a%2Fb?q=1#top' },
      output: {
        fragment: 'top',
        host: 'api.example.com:8443',
        opaque: '',
        path: '/v1/a/b',
        raw_fragment: '',
        raw_path: '/v1/a%2Fb',
        raw_query: 'q=1',
        scheme: 'https',
      },
    },
    {
      mapping: 'root.user = this.url.parse_url().user',
      input: { url: 'redis://me:secret@db:6379' },
      output: { user: { name: 'me', password: 'secret' } },
    },
  ],
  evaluate: (text) => {
    const { scheme, opaque, user, host, path, rawPath, rawQuery, fragment, rawFragment } = parseGoUrl(text);
    const result: ValueObject = { scheme, opaque, host, path, raw_path: rawPath, raw_query: rawQuery, fragment, raw_fragment: rawFragment };
    if (user !== undefined)
      result['user'] = user.password === undefined ? { name: user.name } : { name: user.name, password: user.password };
    return result;
  },
});

export const parseFormUrlEncoded = defineMethod('parse_form_url_encoded', {
  category: 'Parsing',
  status: 'stable',
  description: 'The fields of a form or of the query of a URL. A field that occurs several times is an array.',
  receiver: 'string',
  isPlugin: true,
  examples: [
    {
      mapping: 'root = this.body.parse_form_url_encoded()',
      input: { body: 'name=Jane+Doe&tag=a&tag=b%26c&empty' },
      output: { empty: '', name: 'Jane Doe', tag: ['a', 'b&c'] },
    },
  ],
  evaluate: parseForm,
});

/** Throws BloblangError for fields that cannot be read; of several problems, a semicolon is the one reported. */
function parseForm(text: string): ValueObject {
  const fields = new Map<string, string[]>();
  let problem: BloblangError | undefined;
  for (const field of text.split('&')) {
    if (field.includes(';')) {
      problem = new BloblangError('invalid semicolon separator in query');
      continue;
    }
    try {
      addField(fields, field);
    } catch (error) {
      if (!(error instanceof BloblangError)) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined) throw new BloblangError(`failed to parse value as url-encoded data: ${problem.message}`);
  const result: ValueObject = {};
  for (const [name, values] of fields) setKey(result, name, values.length === 1 ? values[0]! : (values as Value[]));
  return result;
}

function addField(fields: Map<string, string[]>, field: string): void {
  if (field === '') return;
  const equals = field.indexOf('=');
  const name = unescapeUrl(equals < 0 ? field : field.slice(0, equals), 'query');
  const value = equals < 0 ? '' : unescapeUrl(field.slice(equals + 1), 'query');
  const values = fields.get(name);
  if (values === undefined) fields.set(name, [value]);
  else values.push(value);
}
