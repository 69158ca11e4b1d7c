import { describe, expect, it } from 'vitest';
import { type ParsedUrl, parseGoUrl } from './go-url.ts';

/** The parts of a URL that are not empty. */
function parts(url: string): Partial<ParsedUrl> {
  return Object.fromEntries(Object.entries(parseGoUrl(url)).filter(([, value]) => value !== '' && value !== undefined));
}

describe('a URL', () => {
  it.each<[string, Partial<ParsedUrl>]>([
    ['https://a.b:8080/c?d=e#f', { scheme: 'https', host: 'a.b:8080', path: '/c', rawQuery: 'd=e', fragment: 'f' }],
    ['HTTP://A', { scheme: 'http', host: 'A' }],
    ['//host/path', { host: 'host', path: '/path' }],
    ['///path', { path: '///path' }],
    ['a/b?c', { path: 'a/b', rawQuery: 'c' }],
    ['mailto:a@b?x', { scheme: 'mailto', opaque: 'a@b', rawQuery: 'x' }],
    ['*', { path: '*' }],
    ['amqp://u%40:p:w@h/', { scheme: 'amqp', user: { name: 'u@', password: 'p:w' }, host: 'h', path: '/' }],
    ['ftp://u@h', { scheme: 'ftp', user: { name: 'u', password: undefined }, host: 'h' }],
    ['/a%2Fb%20c', { path: '/a/b c', rawPath: '/a%2Fb%20c' }],
    ['/a%20b', { path: '/a b' }],
    ['/a!b', { path: '/a!b', rawPath: '/a!b' }],
    ['#%C3%A9(%41)', { fragment: 'é(A)', rawFragment: '%C3%A9(%41)' }],
    ['http://[fe80::1%25en0]:80/', { scheme: 'http', host: '[fe80::1%en0]:80', path: '/' }],
    ['mongodb://a:1,b:2/', { scheme: 'mongodb', host: 'a:1,b:2', path: '/' }],
  ])('%s', (url, expected) => {
    expect(parts(url)).toEqual(expected);
  });

  it.each([
    ['invalid %&# url', 'parse "invalid %&": invalid URL escape "%&"'],
    ['a#%zz', 'parse "a#%zz": invalid URL escape "%zz"'],
    ['http://a b', 'parse "http://a b": invalid character " " in host name'],
    ['http://a:b', 'parse "http://a:b": invalid port ":b" after host'],
    ['http://a:1:2', 'parse "http://a:1:2": invalid port ":1:2" after host'],
    ['http://[::1', `parse "http://[::1": missing ']' in host`],
    ['http://[1.2.3.4]', 'parse "http://[1.2.3.4]": invalid IP-literal'],
    ['http://u{@h', 'parse "http://u{@h": net/url: invalid userinfo'],
    ['http://%41', 'parse "http://%41": invalid URL escape "%41"'],
    [':a', 'parse ":a": missing protocol scheme'],
    ['1a:b', 'parse "1a:b": first path segment in URL cannot contain colon'],
    ['a\nb', 'parse "a\\nb": net/url: invalid control character in URL'],
  ])('%j is refused', (url, message) => {
    expect(() => parseGoUrl(url)).toThrow(message);
  });
});
