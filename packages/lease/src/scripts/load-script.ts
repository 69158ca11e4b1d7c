import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** The Lua scripts beside this file; the head of each states its purpose, keys, arguments and answers. */
export type ScriptName =
  | 'checkpoint'
  | 'claim'
  | 'create-shards'
  | 'end-shard'
  | 'leave'
  | 'prune-shards'
  | 'pulse'
  | 'release'
  | 'rewind'
  | 'survey';

/** Runs a script: EVAL the first time on a connection, EVALSHA from then on. */
export type Script = (client: Redis, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

export function loadScript(name: ScriptName): Script {
  const lua = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');
  const command = `sluice:${name}`;
  return (client, keys, args) => {
    if (!(command in client)) client.defineCommand(command, { lua });
    const run = (client as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[command]!;
    return run.call(client, keys.length, ...keys, ...args);
  };
}
