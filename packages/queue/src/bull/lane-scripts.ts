/** The scripts that a lane needs. Each does to BullMQ's keys what BullMQ's own command does. */
import { type CommandLine, type RedisSession, readScript, readTransactionScript, type ScriptArgument } from '@sluice/redis';
import type { Redis } from 'ioredis';
import { renewAppendOnlyFile } from './renew-append-only-file.ts';

const filesOf = (...names: readonly string[]) => names.map((name) => new URL(`./scripts/${name}.lua`, import.meta.url));
const read = (...names: readonly string[]) => readScript(...filesOf(...names));
const pushJobs = readTransactionScript(...filesOf('parts/push-job', 'parts/expect', 'push-jobs'));
const OURS = {
  closeLanes: read('close-lanes'),
  changeEntry: read('change-entry'),
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
  #prepared: { readonly epoch: number; readonly done: Promise<void> } | undefined;

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

  /** Stores payloads and runs `push-jobs`, in one transaction. */
  pushJobs(epoch: number, payloads: readonly CommandLine[], keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.run(epoch, (client) => pushJobs(client, payloads, keys, args));
  }

  #prepare(epoch: number): Promise<void> {
    if (this.#prepared?.epoch === epoch) return this.#prepared.done;
    const done = renewAppendOnlyFile(this.session, epoch);
    this.#prepared = { epoch, done };
    done.catch(() => {
      if (this.#prepared?.done === done) this.#prepared = undefined;
    });
    return done;
  }
}
