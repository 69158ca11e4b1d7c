import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { proxyUserReader } from './proxy-user.ts';

const readUser = proxyUserReader({ header: 'X-Forwarded-User', addresses: ['10.1.2.3', '10.2.0.0/16', 'fd00::/8'] });

it.each(['10.1.2.3', '::ffff:10.1.2.3', '10.2.200.1', '::ffff:10.2.0.9', 'fd12::1'])('believes the proxy at %s', (remoteAddress) => {
  expect(readUser(request(remoteAddress, ['ada']))).toBe('ada');
});

it.each(['10.1.2.4', '10.3.0.1', '127.0.0.1', '::1', 'fe80::1', ''])('does not believe %s', (remoteAddress) => {
  expect(() => readUser(request(remoteAddress, ['ada']))).toThrow(`found one from ${remoteAddress}`);
});

it.each([
  [[], 'found 0'],
  [[''], 'found an unusable one'],
  [['x'.repeat(201)], 'found an unusable one'],
  [['eve', 'ada'], 'found 2'],
])('refuses the header %j', (names, found) => {
  expect(() => readUser(request('10.1.2.3', names))).toThrow(`expected one header X-Forwarded-User with the name of a user, ${found}`);
});

const request = (remoteAddress: string, names: readonly string[]) =>
  ({ socket: { remoteAddress }, headersDistinct: names.length === 0 ? {} : { 'x-forwarded-user': names } }) as unknown as IncomingMessage;
