/** BullMQ's own way to add a job, made part of a transaction of ours by `addJobToTransaction`, as BullMQ's flows do it. */

import type { QueueAddress } from '@sluice/redis';
import { type IRedisTransaction, type JobJson, QueueKeys, type RedisConnection, RedisQueueBackend } from 'bullmq';
import type { ChainableCommander } from 'ioredis';
import type { BullScripts } from './bull-scripts.ts';

/** BullMQ keeps a log of events for each queue. Of a lane's nothing is read but what Bull Board shows. */
export const MAX_EVENTS = 100;

/** BullMQ's name of the script, without its version. */
export const ADD_SCRIPT = 'addStandardJob';

export interface NewBullJob {
  readonly name: string;
  readonly data: object;
  readonly timestampMs: number;
}

export class JobAdder {
  readonly #backend: RedisQueueBackend;
  readonly #meta: string;

  constructor({ queueName, bullPrefix }: QueueAddress) {
    const keys = new QueueKeys(bullPrefix);
    const toKey = (type: string) => keys.toKey(queueName, type);
    // It adds to the transaction that it is given, so it needs no connection.
    const noConnection = undefined as unknown as RedisConnection;
    const options = { connection: {}, prefix: bullPrefix };
    this.#backend = new RedisQueueBackend(noConnection, queueName, keys.getKeys(queueName), toKey, options, undefined, false);
    this.#meta = toKey('meta');
  }

  /** Makes what follows a queue that no BullMQ worker takes from: whose it is, the lane's lease decides, of which they know nothing. */
  close(transaction: ChainableCommander): void {
    transaction.hset(this.#meta, 'opts.maxLenEvents', MAX_EVENTS, 'concurrency', 0);
  }

  /** Adds a job at the end of the queue, under the next number as its id. */
  async add(transaction: ChainableCommander, scripts: BullScripts, { name, data, timestampMs }: NewBullJob): Promise<void> {
    const job = { name, data: JSON.stringify(data), opts: {}, timestamp: timestampMs } as unknown as JobJson;
    const numbered = undefined as unknown as string;
    await this.#backend.addJobToTransaction(toBullTransaction(transaction, scripts), job, numbered);
  }
}

/** The part of a transaction that adding a job needs. */
function toBullTransaction(transaction: ChainableCommander, scripts: BullScripts): IRedisTransaction {
  const runCommand = (name: string, args: readonly (string | Buffer)[]) => {
    const { sha, numberOfKeys } = scripts.get(name)!;
    transaction.evalsha(sha, numberOfKeys, ...args);
  };
  return { runCommand } as unknown as IRedisTransaction;
}
