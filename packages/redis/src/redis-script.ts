import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

export type ScriptArgument = string | number | Buffer;

/** Runs a Lua script: one round trip once Redis has it, and everything that the script does happens at one moment. */
export type RedisScript = (client: Redis, keys: readonly string[], args: readonly ScriptArgument[]) => Promise<unknown>;

/** A script of ours; the head of its file states purpose, keys, arguments and answers. */
export function readScript(file: URL): RedisScript {
  const lua = readFileSync(file, 'utf8');
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (client, keys, args) => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      // Nothing was executed. EVAL also leaves the script with Redis.
      return client.eval(lua, keys.length, ...keys, ...args);
    }
  };
}
