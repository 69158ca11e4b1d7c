/**
 * The scripts that a lane needs, ours and BullMQ's.
 *
 * In a transaction a script that Redis does not have fails alone while its neighbours go on. So BullMQ's is loaded before the first
 * transaction of an epoch, and again after Redis says that it has lost it.
 */
import { type Fill, RedisCommandError, type RedisSession, readScript, runTransaction, type ScriptArgument } from '@sluice/redis';
import type { Redis } from 'ioredis';
import { ScriptsLostError } from '../errors.ts';
import { ADD_SCRIPT } from './add-job.ts';
import { type BullScripts, bullScripts } from './bull-scripts.ts';
import { renewAppendOnlyFile } from './renew-append-only-file.ts';

const read = (...names: readonly string[]) => readScript(...names.map((name) => new URL(`./scripts/${name}.lua`, import.meta.url)));
const OURS = {
  takeJobs: read('take-jobs'),
  settleJobs: read('parts/settle', 'settle-jobs'),
  commit: read('parts/settle', 'parts/push-job', 'parts/expect', 'commit'),
  fireDelayed: read('parts/push-job', 'parts/expect', 'fire-delayed'),
  returnJobs: read('return-jobs'),
  auditLane: read('audit-lane'),
  clearFilter: read('clear-filter'),
  dropJob: read('drop-job'),
  endShards: read('end-shards'),
};

export type ScriptName = keyof typeof OURS;

const perSession = new WeakMap<RedisSession, LaneScripts>();

/** The scripts of a session: all its lanes share them. */
export function laneScripts(session: RedisSession): LaneScripts {
  const scripts = perSession.get(session) ?? new LaneScripts(session);
  perSession.set(session, scripts);
  return scripts;
}

export class LaneScripts {
  readonly session: RedisSession;
  #prepared: { readonly epoch: number; readonly done: Promise<BullScripts> } | undefined;

  constructor(session: RedisSession) {
    this.session = session;
  }

  /** Runs commands on the connection of that epoch. */
  async run<T>(epoch: number, commands: (client: Redis) => Promise<T>): Promise<T> {
    await this.#prepare(epoch);
    return this.session.run(epoch, commands);
  }

  /** Runs a script of ours. */
  script(epoch: number, name: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.run(epoch, (client) => OURS[name](client, keys, args));
  }

  /**
   * Runs a transaction, see `runTransaction`, of which BullMQ's scripts are part.
   * @throws {ScriptsLostError} Redis had to be given the scripts again; the transaction may have left a payload behind
   */
  async transact(epoch: number, fill: (commands: Parameters<Fill>[0], scripts: BullScripts) => unknown): Promise<unknown[]> {
    const scripts = await this.#prepare(epoch);
    try {
      return await runTransaction(this.session, epoch, (commands) => fill(commands, scripts));
    } catch (error) {
      if (!(error instanceof RedisCommandError) || !String(error.cause).includes('NOSCRIPT')) throw error;
      this.#prepared = undefined;
      throw new ScriptsLostError(error);
    }
  }

  #prepare(epoch: number): Promise<BullScripts> {
    if (this.#prepared?.epoch === epoch) return this.#prepared.done;
    const done = this.#begin(epoch);
    this.#prepared = { epoch, done };
    done.catch(() => {
      if (this.#prepared?.done === done) this.#prepared = undefined;
    });
    return done;
  }

  async #begin(epoch: number): Promise<BullScripts> {
    await renewAppendOnlyFile(this.session, epoch);
    const scripts = await bullScripts();
    const needed = [...scripts].filter(([name]) => name.startsWith(`${ADD_SCRIPT}:`));
    for (const [, { lua }] of needed) await this.session.run(epoch, (client) => client.script('LOAD', lua));
    return scripts;
  }
}
