import type { Cache } from '@sluice/processors';
import type { RedisConnection } from './redis-connection.ts';
import type { ResourceOptions } from './resource-settings.ts';

/** `redis`: strings in a Redis, shared by all workers that use the same one. */
export function redisCache({ prefix, default_ttl: defaultTtlMs }: ResourceOptions, connection: RedisConnection): Cache {
  const keyOf = (key: string): string => `${prefix as string}${key}`;
  const lifetime = (ttlMs = defaultTtlMs as number): ['PX', number] | [] => (ttlMs > 0 ? ['PX', Math.max(1, Math.round(ttlMs))] : []);
  const store = (key: string, value: Uint8Array, ttlMs: number | undefined, mode: ['NX'] | []): Promise<unknown> =>
    connection.run((client) => client.call('SET', keyOf(key), Buffer.from(value), ...lifetime(ttlMs), ...mode));
  return {
    get: async (key) => (await connection.run((client) => client.getBuffer(keyOf(key)))) ?? undefined,
    set: async (key, value, ttlMs) => void (await store(key, value, ttlMs, [])),
    add: async (key, value, ttlMs) => (await store(key, value, ttlMs, ['NX'])) !== null,
    delete: async (key) => void (await connection.run((client) => client.del(keyOf(key)))),
  };
}
