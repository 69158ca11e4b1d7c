/** URLs as Go's `net/url` takes them apart. */
import { isIPv4, isIPv6 } from 'node:net';
import { BloblangError, decodeText, encodeText, quote } from '@sluice/values';

export interface ParsedUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: { readonly name: string; readonly password: string | undefined } | undefined;
  readonly host: string;
  readonly path: string;
  /** The path as it was written, if that is not the usual way to write it; so is `rawFragment`. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
  readonly rawFragment: string;
}

type Part = 'path' | 'host' | 'zone' | 'user' | 'query' | 'fragment';

/** What may stand unescaped, besides letters, digits and `-_.~`. */
const UNESCAPED: Readonly<Record<Part, RegExp>> = {
  path: /[\w\-.~$&+,/:;=@]/,
  host: /[\w\-.~!$&'()*+,;=:[\]<>"]/,
  zone: /[\w\-.~!$&'()*+,;=:[\]<>"]/,
  user: /[\w\-.~$&+,;=]/,
  query: /[\w\-.~]/,
  fragment: /[\w\-.~$&+,/:;=?@!()*]/,
};

/** Throws BloblangError with the words of Go's `url.Parse`. */
export function parseGoUrl(text: string): ParsedUrl {
  const hash = text.indexOf('#');
  const url = hash < 0 ? text : text.slice(0, hash);
  const parsed = naming(url, () => parseWithoutFragment(url));
  if (hash < 0 || hash + 1 === text.length) return parsed;
  const [fragment, rawFragment] = naming(text, () => unescapePart(text.slice(hash + 1), 'fragment'));
  return { ...parsed, fragment, rawFragment };
}

function naming<T>(url: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof BloblangError)) throw error;
    throw new BloblangError(`parse ${quote(url)}: ${error.message}`);
  }
}

const EMPTY: ParsedUrl = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  rawQuery: '',
  fragment: '',
  rawFragment: '',
};

function parseWithoutFragment(url: string): ParsedUrl {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(url)) throw new BloblangError('net/url: invalid control character in URL');
  if (url === '*') return { ...EMPTY, path: '*' };
  if (url.startsWith(':')) throw new BloblangError('missing protocol scheme');
  const [, schemeText = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(url) ?? [];
  const scheme = schemeText.toLowerCase();
  const afterScheme = schemeText === '' ? url : url.slice(schemeText.length + 1);
  const mark = afterScheme.indexOf('?');
  const rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  const rawQuery = mark < 0 ? '' : afterScheme.slice(mark + 1);
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...EMPTY, scheme, opaque: rest, rawQuery };
    if (rest.split('/', 1)[0]!.includes(':')) throw new BloblangError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  const [, authority = '', pathText = rest] = hasAuthority ? /^\/\/([^/]*)(.*)$/s.exec(rest)! : [];
  const { user, host } = hasAuthority ? parseAuthority(scheme, authority) : EMPTY;
  const [path, rawPath] = unescapePart(pathText, 'path');
  return { ...EMPTY, scheme, user, host, path, rawPath, rawQuery };
}

function parseAuthority(scheme: string, authority: string): Pick<ParsedUrl, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const userinfo = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw new BloblangError('net/url: invalid userinfo');
  const colon = userinfo.indexOf(':');
  if (colon < 0) return { user: { name: unescapeUrl(userinfo, 'user'), password: undefined }, host };
  const name = unescapeUrl(userinfo.slice(0, colon), 'user');
  return { user: { name, password: unescapeUrl(userinfo.slice(colon + 1), 'user') }, host };
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new BloblangError('invalid IP-literal');
  if (bracket === 0) return parseIpLiteral(host);
  // A list of hosts with ports is let through, but not for the web.
  const isWeb = scheme === 'http' || scheme === 'https';
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapeUrl(host, 'host');
}

function parseIpLiteral(host: string): string {
  const end = host.lastIndexOf(']');
  if (end < 0) throw new BloblangError("missing ']' in host");
  const port = host.slice(end + 1);
  checkPort(port);
  const literal = host.slice(1, end);
  const zone = literal.indexOf('%25');
  const address =
    zone < 0 ? unescapeUrl(literal, 'host') : unescapeUrl(literal.slice(0, zone), 'host') + unescapeUrl(literal.slice(zone), 'zone');
  if (isIPv4(address)) throw new BloblangError('invalid IP-literal');
  if (!isIPv6(address)) throw new BloblangError(`invalid host: ParseAddr(${quote(address)}): unable to parse IP`);
  return `[${address}]${port}`;
}

function checkPort(port: string): void {
  if (!/^(?::\d*)?$/.test(port)) throw new BloblangError(`invalid port ${quote(port)} after host`);
}

/** The text that a part stands for, and how it was written unless that is the usual way. */
function unescapePart(text: string, part: 'path' | 'fragment'): readonly [string, string] {
  const plain = unescapeUrl(text, part);
  return [plain, escapeUrl(plain, part) === text ? '' : text];
}

function escapeUrl(text: string, part: Part): string {
  let escaped = '';
  for (const byte of encodeText(text)) {
    const character = String.fromCharCode(byte);
    escaped += byte < 0x80 && UNESCAPED[part].test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** Throws BloblangError for a stray `%`, and for what may not stand in a host. */
export function unescapeUrl(text: string, part: Part): string {
  const isHost = part === 'host' || part === 'zone';
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '%') {
      const escaped = text.slice(index, index + 3);
      if (!/^%[0-9a-f]{2}$/i.test(escaped) || (isHost && !mayBeEscaped(escaped, part))) throw escapeError(text.slice(index));
      index += 2;
    } else if (isHost && text.charCodeAt(index) < 0x80 && !UNESCAPED.host.test(text[index]!)) {
      throw new BloblangError(`invalid character ${quote(text[index]!)} in host name`);
    }
  }
  const plain = part === 'query' ? text.replaceAll('+', ' ') : text;
  if (!plain.includes('%')) return plain;
  const parts = plain.split(/((?:%[0-9a-fA-F]{2})+)/);
  const bytes = parts.map((piece, place) => (place % 2 === 1 ? Buffer.from(piece.replaceAll('%', ''), 'hex') : encodeText(piece)));
  return decodeText(Buffer.concat(bytes));
}

/** The error names three bytes, which may end within a character. */
const escapeError = (rest: string): BloblangError =>
  new BloblangError(`invalid URL escape ${quote(decodeText(encodeText(rest.slice(0, 3)).subarray(0, 3)))}`);

/** In a host only what is not ASCII may be escaped, in the zone of an address what needs no escape, and spaces. */
function mayBeEscaped(escaped: string, part: Part): boolean {
  const code = Number.parseInt(escaped.slice(1), 16);
  if (escaped === '%25') return true;
  if (part === 'host') return code >= 0x80;
  return code === 0x20 || (code < 0x80 && UNESCAPED.host.test(String.fromCharCode(code)));
}
