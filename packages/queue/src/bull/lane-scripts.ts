/**
 * The scripts that a lane needs, ours and BullMQ's, and the transactions in which they run.
 *
 * In a transaction a script that Redis does not have fails alone while its neighbours go on, and ioredis, which sends a script's text
 * only the first time on a connection, does not notice. So all of them are loaded before the first transaction of an epoch, and again
 * after Redis says that it has lost one.
 */
import { readFileSync } from 'node:fs';
import { RedisBusyError, type RedisSession } from '@sluice/redis';
import { createIORedisClient, RedisConnection } from 'bullmq';
import type { ChainableCommander, Redis } from 'ioredis';
import { ScriptsLostError } from '../errors.ts';
import { renewAppendOnlyFile } from './renew-append-only-file.ts';

const OURS = ['take-open', 'take-close', 'ack-open', 'ack-close', 'return-open', 'reject-records', 'audit-lane', 'clear-filter'] as const;
const BULLMQ = ['addStandardJob', 'moveToActive', 'moveToFinished', 'moveJobFromActiveToWait'] as const;

export type ScriptName = (typeof OURS)[number];
export type ScriptArgument = string | number | Buffer;

/** A transaction that BullMQ's backend can add its commands to. */
export interface Transaction extends ChainableCommander {
  runCommand(name: string, args: unknown[]): Transaction;
  /** Adds a script of ours. */
  runScript(name: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Transaction;
}

/** Adds the commands; what it returns is awaited before they leave. */
type Fill = (transaction: Transaction) => Promise<void>;

const sources = new Map(OURS.map((name) => [name, readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8')]));
const perSession = new WeakMap<RedisSession, LaneScripts>();

/** The scripts of a session: all its lanes share them. */
export function laneScripts(session: RedisSession): LaneScripts {
  const scripts = perSession.get(session) ?? new LaneScripts(session);
  perSession.set(session, scripts);
  return scripts;
}

export class LaneScripts {
  readonly #session: RedisSession;
  #loaded: { readonly epoch: number; readonly done: Promise<void> } | undefined;

  constructor(session: RedisSession) {
    this.#session = session;
  }

  /**
   * Runs a transaction on the connection of that epoch: all its commands are executed, one after the other and with nothing between
   * them, or none is. Answers theirs.
   * @throws {ScriptsLostError} and what `session.run` throws
   */
  transact(epoch: number, fill: Fill): Promise<unknown[]> {
    return this.#execute(epoch, fill, (client) => client.multi());
  }

  /**
   * As {@link transact}, for what empties a lane. A Redis that has reached its `maxmemory` refuses every transaction, so there the commands
   * are sent one after the other instead: each of them is still fenced, others may come between, and a crash between them costs no record.
   */
  async transactEvenWhenFull(epoch: number, fill: Fill): Promise<unknown[]> {
    try {
      return await this.transact(epoch, fill);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return this.#execute(epoch, fill, (client) => client.pipeline());
    }
  }

  /** Runs commands on the connection of that epoch once its scripts are loaded. */
  async run<T>(epoch: number, commands: (client: Redis) => Promise<T>): Promise<T> {
    await this.#load(epoch);
    try {
      return await this.#session.run(epoch, commands);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      this.#loaded = undefined;
      throw new ScriptsLostError(error);
    }
  }

  /** One script of ours, on its own. */
  script(epoch: number, name: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.run(epoch, (client) => command(client, commandName(name))(keys.length, ...keys, ...args) as Promise<unknown>);
  }

  #execute(epoch: number, fill: Fill, begin: (client: Redis) => ChainableCommander): Promise<unknown[]> {
    return this.run(epoch, async (client) => {
      const transaction = toTransaction(begin(client));
      await fill(transaction);
      const results = (await transaction.exec()) ?? [];
      return results.map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
    });
  }

  #load(epoch: number): Promise<void> {
    if (this.#loaded?.epoch === epoch) return this.#loaded.done;
    const done = this.#begin(epoch);
    this.#loaded = { epoch, done };
    done.catch(() => {
      if (this.#loaded?.done === done) this.#loaded = undefined;
    });
    return done;
  }

  async #begin(epoch: number): Promise<void> {
    await renewAppendOnlyFile(this.#session, epoch);
    await this.#session.run(epoch, async (client) => {
      await define(client);
      const texts = Object.values(client.scriptsSet as Record<string, { lua: string }>).map(({ lua }) => lua);
      const answers = await texts.reduce((pipeline, lua) => pipeline.script('LOAD', lua), client.pipeline()).exec();
      for (const [error] of answers ?? []) if (error) throw error;
    });
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RedisBusyError &&
  [error, error.cause, ...previousErrorsOf(error.cause)].some((each) => String(each).includes('OOM command'));

/** Why Redis refused the commands of a transaction, where it refused the whole of it. */
const previousErrorsOf = (cause: unknown): readonly unknown[] => (cause as { previousErrors?: readonly unknown[] }).previousErrors ?? [];

function toTransaction(commander: ChainableCommander): Transaction {
  const transaction = commander as Transaction;
  transaction.runCommand = (name, args) => {
    command(transaction, name)(...args);
    return transaction;
  };
  transaction.runScript = (name, keys, args) => transaction.runCommand(commandName(name), [keys.length, ...keys, ...args]);
  return transaction;
}

const commandName = (name: string): string => `sluice:${name}`;
const WANTED = new Set<string>([...OURS.map(commandName), ...BULLMQ]);

/** BullMQ defines its own, under its version, when a connection of it is made from a client. */
async function define(client: Redis): Promise<void> {
  const connection = new RedisConnection(createIORedisClient(client) as never, { shared: true, blocking: false, skipVersionCheck: true });
  await connection.client;
  await connection.close();
  for (const [name, lua] of sources) if (!(commandName(name) in client)) client.defineCommand(commandName(name), { lua });
  forgetUnwanted(client);
  letTakeWhenFull(client);
}

/** Each pipeline of ioredis is given a method for every script in this set, sixty of BullMQ's. On the client itself all of them stay. */
function forgetUnwanted(client: Redis): void {
  const scripts = client.scriptsSet as Record<string, unknown>;
  for (const name of Object.keys(scripts)) if (!WANTED.has(name.replace(/:\d+\.\d+\.\d+.*$/, ''))) delete scripts[name];
}

/** A write that makes nothing larger, on BullMQ's metadata of the queue. */
const HARMLESS_WRITE = "redis.call('HDEL', KEYS[9], '')\n";

/**
 * A Redis that has reached its `maxmemory` refuses a script whose first write might make it larger. BullMQ takes a job by moving its id,
 * which counts as such: a full Redis could then never be emptied. So a write comes first that is always allowed.
 */
function letTakeWhenFull(client: Redis): void {
  const scripts = client.scriptsSet as Record<string, { lua: string; numberOfKeys: number }>;
  for (const [name, { lua, numberOfKeys }] of Object.entries(scripts)) {
    if (!/^moveToActive\b/.test(name) || lua.startsWith(HARMLESS_WRITE)) continue;
    client.defineCommand(name, { lua: HARMLESS_WRITE + lua, numberOfKeys });
  }
}

const command = (commander: object, name: string) => (commander as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(commander);
