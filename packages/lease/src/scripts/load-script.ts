import { type RedisScript, readScript } from '@sluice/redis';

/** The Lua scripts beside this file; the head of each states its purpose, keys, arguments and answers. */
export type ScriptName =
  | 'checkpoint'
  | 'claim'
  | 'create-shards'
  | 'end-shard'
  | 'import-shards'
  | 'leave'
  | 'move'
  | 'prune-shards'
  | 'pulse'
  | 'release'
  | 'report-loads'
  | 'rewind'
  | 'survey'
  | 'survey-shards';

export const loadScript = (name: ScriptName): RedisScript => readScript(new URL(`./${name}.lua`, import.meta.url));
