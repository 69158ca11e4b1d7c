import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { type CommandLine, type ScriptArgument, sendTransaction } from './send-transaction.ts';

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

/**
 * A script that ends a transaction: what `before` writes is there when it runs, and nothing comes between. So payloads need not pass
 * through Lua, which copies each of them several times. `before` is executed again where Redis did not have the script yet.
 */
export type TransactionScript = (client: Redis, ...rest: TransactionArguments) => Promise<unknown>;

type TransactionArguments = readonly [before: readonly CommandLine[], keys: readonly string[], args: readonly ScriptArgument[]];

/** As {@link readScript}. */
export const readTransactionScript = (...files: readonly URL[]): TransactionScript =>
  toScript(files, { bySha: endTransaction('evalsha'), byText: endTransaction('eval') });

const endTransaction =
  (command: 'evalsha' | 'eval') =>
  async (client: Redis, script: string, ...[before, keys, args]: TransactionArguments): Promise<unknown> =>
    (await sendTransaction(client, [...before, [command, script, keys.length, ...keys, ...args]])).at(-1);

type Run<Rest extends readonly unknown[]> = (client: Redis, script: string, ...rest: Rest) => Promise<unknown>;

function toScript<Rest extends readonly unknown[]>(
  files: readonly URL[],
  { bySha, byText }: { readonly bySha: Run<Rest>; readonly byText: Run<Rest> },
): (client: Redis, ...rest: Rest) => Promise<unknown> {
  const lua = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const sha = createHash('sha1').update(lua).digest('hex');
  const hasIt = new WeakSet<Redis>();
  return async (client, ...rest) => {
    if (hasIt.has(client)) {
      try {
        return await bySha(client, sha, ...rest);
      } catch (error) {
        // Otherwise a Redis that was started or flushed since: nothing was executed.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      }
    }
    hasIt.add(client);
    return byText(client, lua, ...rest);
  };
}
