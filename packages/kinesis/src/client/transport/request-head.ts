import type { Endpoint, Headers } from './transport.ts';

/** What Node refuses in a header too: with it, a value could begin a header or a request of its own. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * The head of a request, in Latin-1.
 * @throws {TypeError} a header holds a character that no header may have
 */
export function requestHead({ path }: Endpoint, headers: Headers): string {
  let head = `POST ${path} HTTP/1.1\r\n`;
  for (const name in headers) {
    const value = headers[name]!;
    if (FORBIDDEN.test(value))
      throw new TypeError(`expected only characters of Latin-1 in the header ${name}: check the settings it comes from`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}
