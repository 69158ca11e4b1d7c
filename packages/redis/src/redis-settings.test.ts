import { describe, expect, it } from 'vitest';
import { parseRedisSettings } from './redis-settings.ts';

describe('parseRedisSettings', () => {
  it('reads host, port, database, user and password, and keeps the password out of the location', () => {
    const { location, options } = parseRedisSettings({ url: 'redis://sluice:p%40ss@redis.internal:6380/3' });
    expect(location).toBe('redis://redis.internal:6380/3');
    expect(options).toMatchObject({ host: 'redis.internal', port: 6380, db: 3, username: 'sluice', password: 'p@ss' });
    expect(options.tls).toBeUndefined();
  });

  it('names the server to TLS unless it is an address', () => {
    expect(parseRedisSettings({ url: 'rediss://redis.internal' }).options.tls).toEqual({ servername: 'redis.internal' });
    expect(parseRedisSettings({ url: 'rediss://[::1]:6379', tls: { ca: 'pem' } }).options).toMatchObject({
      host: '::1',
      tls: { ca: 'pem' },
    });
  });

  it('asks sentinels where they are given', () => {
    const nodes = [
      { host: 's1', port: 26379 },
      { host: 's2', port: 26379 },
    ];
    const { location, options } = parseRedisSettings({
      url: 'redis://:secret@sentinel/1',
      sentinel: { name: 'orders', nodes, password: 'guard' },
    });
    expect(location).toBe('sentinel orders (s1:26379, s2:26379)');
    expect(options).toMatchObject({ name: 'orders', sentinels: nodes, sentinelPassword: 'guard', password: 'secret', db: 1 });
  });

  it.each(['', 'localhost:6379', 'http://localhost', 'redis://', 'redis://host/zero', 'redis://host?db=1'])('refuses %j', (url) =>
    expect(() => parseRedisSettings({ url })).toThrow(expect.objectContaining({ code: 'REDIS_SETTINGS_INVALID' })),
  );

  it.each(['redis://:hunter2@host:notaport', 'http://user:hunter2@host', 'user:hunter2@host', 'redis://:hunter2@host@x?y'])(
    'quotes no password in its complaint about %j',
    (url) => {
      expect(() => parseRedisSettings({ url })).toThrow(/expected a Redis URL/);
      expect(() => parseRedisSettings({ url })).not.toThrow(/hunter2/);
    },
  );
});
