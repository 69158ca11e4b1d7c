/** The Lua scripts of BullMQ, as it gives them to every driver: by `defineCommand` of the public interface `IRedisClient`. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type IRedisClient, RedisConnection } from 'bullmq';

export interface BullScript {
  readonly lua: string;
  readonly sha: string;
  readonly numberOfKeys: number;
}

/** By BullMQ's name of the command, which ends with its version. */
export type BullScripts = ReadonlyMap<string, BullScript>;

let scripts: Promise<BullScripts> | undefined;

export function bullScripts(): Promise<BullScripts> {
  scripts ??= readScripts();
  return scripts;
}

async function readScripts(): Promise<BullScripts> {
  const catalogue = new ScriptCatalogue();
  const connection = new RedisConnection(catalogue as unknown as IRedisClient, { shared: true, blocking: false, skipVersionCheck: true });
  await connection.client;
  return catalogue.scripts;
}

/** A client that is ready at once, takes scripts down and sends nothing. */
class ScriptCatalogue extends EventEmitter {
  readonly scripts = new Map<string, BullScript>();
  readonly status = 'ready';
  readonly isCluster = false;
  readonly options = {};

  defineCommand(name: string, { lua, numberOfKeys }: { readonly lua: string; readonly numberOfKeys: number }): void {
    this.scripts.set(name, { lua, numberOfKeys, sha: createHash('sha1').update(lua).digest('hex') });
  }

  // What else BullMQ knows a client by.
  connect = sendsNothing;
  disconnect = sendsNothing;
  duplicate = sendsNothing;
  multi = sendsNothing;
  pipeline = sendsNothing;
  runCommand = sendsNothing;
  scanStream = sendsNothing;
}

function sendsNothing(): never {
  throw new Error('the catalogue of BullMQ scripts has no connection');
}
