import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

export type ScriptArgument = string | number | Buffer;

/** Runs a Lua script: one round trip, and everything that the script does happens at one moment. */
export type RedisScript = (client: Redis, keys: readonly string[], args: readonly ScriptArgument[]) => Promise<unknown>;

/** A script of ours, of one file or several; the head of the last states purpose, keys, arguments and answers. */
export const readScript = (...files: readonly URL[]): RedisScript =>
  toScript(files, {
    bySha: (client, sha, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
    byText: (client, lua, keys, args) => client.eval(lua, keys.length, ...keys, ...args),
  });

/** The same of a script that answers with bytes: each text in the answer is a `Buffer`. */
export const readBinaryScript = (...files: readonly URL[]): RedisScript =>
  toScript(files, {
    bySha: (client, sha, keys, args) => client.callBuffer('EVALSHA', sha, keys.length, ...keys, ...args),
    byText: (client, lua, keys, args) => client.callBuffer('EVAL', lua, keys.length, ...keys, ...args),
  });

type Run = (
  client: Redis,
  script: string,
  ...rest: readonly [keys: readonly string[], args: readonly ScriptArgument[]]
) => Promise<unknown>;

function toScript(files: readonly URL[], { bySha, byText }: { readonly bySha: Run; readonly byText: Run }): RedisScript {
  const lua = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const sha = createHash('sha1').update(lua).digest('hex');
  const hasIt = new WeakSet<Redis>();
  return async (client, keys, args) => {
    if (hasIt.has(client)) {
      try {
        return await bySha(client, sha, keys, args);
      } catch (error) {
        // Otherwise a Redis that was started or flushed since: nothing was executed.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      }
    }
    hasIt.add(client);
    return byText(client, lua, keys, args);
  };
}
