import { type JobJson, QueueKeys, type RedisConnection, RedisQueueBackend } from 'bullmq';
import type { QueueAddress } from '../lanes/lane-names.ts';
import type { Transaction } from './lane-scripts.ts';

/** BullMQ keeps a log of events a queue; nobody reads that of a lane beyond what Bull Board shows. */
const MAX_EVENTS = 100;
/** Only keeps BullMQ's own tools away from active jobs; who owns a lane is decided by its lease. */
const LOCK_DURATION_MS = 24 * 3_600_000;
/** BullMQ's name for "no lock". */
const NO_LOCK = '0';

/** A job to push. */
export interface NewBullJob {
  readonly name: string;
  readonly data: object;
  readonly timestampMs: number;
  /** A name of its own, under which it is pushed once only; numbered in order where absent. */
  readonly id?: string;
}

/** A job as BullMQ's `moveToActive` answers it. */
export interface TakenBullJob {
  readonly id: string;
  /** JSON; '' where the job does not exist although its id was queued. */
  readonly data: string;
}

/**
 * BullMQ's own commands on a queue, added to a transaction of ours instead of sent.
 *
 * BullMQ's backend asks its connection for a client for each command; ours gives it the transaction. So its commands take part in our
 * transactions, on our connection, and no lane needs a `Queue` or `Worker` with connections of their own.
 */
export class BullQueue {
  readonly #connection: { client: Promise<Transaction> | undefined } = { client: undefined };
  readonly #backend: RedisQueueBackend;
  readonly #meta: string;

  constructor({ queueName, bullPrefix }: QueueAddress) {
    const keys = new QueueKeys(bullPrefix);
    const connection = this.#connection as unknown as RedisConnection;
    const options = { connection: {}, prefix: bullPrefix, lockDuration: LOCK_DURATION_MS };
    this.#meta = keys.toKey(queueName, 'meta');
    this.#backend = new RedisQueueBackend(
      connection,
      queueName,
      keys.getKeys(queueName),
      (type) => keys.toKey(queueName, type),
      options,
      undefined,
      false,
    );
  }

  /** Pushes at the end of the queue. */
  async push(transaction: Transaction, { name, data, timestampMs, id }: NewBullJob): Promise<void> {
    const job = { name, data: JSON.stringify(data), opts: {}, timestamp: timestampMs } as unknown as JobJson;
    transaction.hset(this.#meta, 'opts.maxLenEvents', MAX_EVENTS);
    await this.#backend.addJobToTransaction(transaction as never, job, id as string);
  }

  /** Takes the first waiting job, if there is one; {@link toTakenJob} reads the answer. */
  async take(transaction: Transaction, lock: string): Promise<void> {
    await this.#with(transaction, () => this.#backend.moveToActive(lock));
  }

  /** Completes an active job that bears this lock, and forgets it. */
  async complete(transaction: Transaction, id: string, lock: string): Promise<void> {
    const args = this.#backend.moveToCompletedArgs({ id, opts: {} } as never, null, true, lock, false);
    await this.#backend.execCommand(transaction as never, 'moveToFinished', args);
  }

  /** Fails an active job for good, and keeps it. */
  async fail(transaction: Transaction, id: string, reason: string): Promise<void> {
    const args = this.#backend.moveToFailedArgs({ id, opts: { attempts: 1 } } as never, reason, false, NO_LOCK, false);
    await this.#backend.execCommand(transaction as never, 'moveToFinished', args);
  }

  /** Returns an active job that bears this lock to the head of the queue. */
  async giveBack(transaction: Transaction, id: string, lock: string): Promise<void> {
    await this.#with(transaction, () => this.#backend.moveJobFromActiveToWait(id, lock));
  }

  /** The backend reads its client before it first awaits, so one slot serves all transactions. */
  #with<T>(transaction: Transaction, add: () => Promise<T>): Promise<T> {
    this.#connection.client = Promise.resolve(transaction);
    return add();
  }
}

/** The job in the answer of `moveToActive`, or `undefined` where it took none. */
export function toTakenJob(answer: unknown): TakenBullJob | undefined {
  const [fields, id] = answer as [string[] | 0, string | 0];
  if (!id) return undefined;
  const data = fields ? fields[fields.indexOf('data') + 1] : undefined;
  return { id, data: data ?? '' };
}
