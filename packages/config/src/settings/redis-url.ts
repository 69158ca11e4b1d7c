import { Secret } from '../model/secret.ts';
import { leaf, Refusal } from '../schema/leaf.ts';
import { readGoString } from '../yaml/go-scalar.ts';

export interface RedisUrl {
  /** Without user and password, so that it may be printed. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** Where Redis is, in the form of a URL that may hold user and password. */
export const redisUrl = () =>
  leaf(
    { type: 'string', minLength: 1, format: 'redis-url' },
    'a URL',
    (node): RedisUrl | Refusal =>
      parseRedisUrl(readGoString(node)) ??
      new Refusal('expected `redis://host:port/db` or `rediss://host:port/db`, where `db` is a number'),
  );

function parseRedisUrl(text: string): RedisUrl | undefined {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^(?:\/\d*)?$/.test(url.pathname)) return undefined;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    username: username === '' ? undefined : decode(username),
    password: password === '' ? undefined : new Secret(decode(password)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
