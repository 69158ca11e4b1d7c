import type { RateLimit } from '@sluice/processors';
import type { RedisConnection } from './redis-connection.ts';
import type { ResourceOptions } from './resource-settings.ts';

/** Counts a place in the interval that began with the first one. Answers 0, or the milliseconds until the next interval. */
const ACCESS = `
local places = redis.call('INCR', KEYS[1])
if places == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if places <= tonumber(ARGV[1]) then return 0 end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) left = tonumber(ARGV[2]) end
return math.max(left, 1)`;

/** Before a limit that cannot be asked is asked again. */
const RETRY_MS = 1_000;

/** `redis`: places in each interval, shared by all workers that use the same key. While it cannot be asked, records wait. */
export function redisRateLimit({ count, interval, key }: ResourceOptions, connection: RedisConnection): RateLimit {
  return {
    access: async () => {
      try {
        return Number(
          await connection.run((client) => client.eval(ACCESS, 1, key as string, String(count), String(Math.max(1, interval as number)))),
        );
      } catch {
        return RETRY_MS;
      }
    },
  };
}
