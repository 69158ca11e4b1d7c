/**
 * An ioredis client whose commands cannot reach a connection other than the one they were meant for.
 *
 * Inside {@link GuardedRedis.at} every command, also one that a library such as BullMQ sends after an `await` of its own, is refused
 * unless the connection is still the one of that epoch. Everywhere, a command is refused at once while there is no connection.
 * Nothing is queued for later and nothing is sent twice: with `maxRetriesPerRequest: 0` ioredis rejects what was under way as soon as
 * the socket closes. (With `null` and `autoResendUnfulfilledCommands: false` it would never settle those promises.)
 * 0 is also what BullMQ takes: it refuses a positive number only.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Command, Redis, type RedisOptions } from 'ioredis';
import { RedisEpochMovedError, RedisNotReadyError } from './errors.ts';

/** What ioredis itself sends before a connection is ready. */
const HANDSHAKE = new Set(['hello', 'auth', 'select', 'client', 'readonly', 'info']);

const NEVER_LATER: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // Its promise has no owner: a connection lost before the answer would end the process. Who subscribes does so again on `ready`.
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  // A demoted master: drop the connection, the next one asks again who the master is.
  reconnectOnError: (error) => error.message.includes('READONLY You can'),
};

interface Bound {
  readonly client: GuardedRedis;
  readonly epoch: number;
}

const bound = new AsyncLocalStorage<Bound>();

export class GuardedRedis extends Redis {
  readonly #location: string;
  readonly #currentEpoch: () => number;

  constructor(options: RedisOptions, location: string, currentEpoch: () => number) {
    super({ ...options, ...NEVER_LATER, replyMapping: 'legacy' });
    this.#location = location;
    this.#currentEpoch = currentEpoch;
  }

  /** Runs `commands` so that whatever they send is refused once the epoch has moved on. */
  at<T>(epoch: number, commands: () => T): T {
    return bound.run({ client: this, epoch }, commands);
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    const refusal = this.#refusal(command);
    if (!refusal) return super.sendCommand(command, stream);
    command.reject(refusal);
    return command.promise;
  }

  /** A connection of its own, such as a blocking reader needs; it has its own life and no epoch of ours. */
  override duplicate<Override extends Partial<RedisOptions> | undefined = undefined>(override?: Override) {
    const retryStrategy: RedisOptions['retryStrategy'] = (attempt) => Math.min(100 * attempt, 2_000);
    return super.duplicate<Override>({ retryStrategy, ...override } as Override);
  }

  #refusal({ name }: Command): Error | undefined {
    if (this.status === 'connect' && HANDSHAKE.has(name)) return undefined;
    const context = bound.getStore();
    const epoch = this.#currentEpoch();
    if (context?.client === this && context.epoch !== epoch) return new RedisEpochMovedError(this.#location, context.epoch, epoch);
    return this.status === 'ready' ? undefined : new RedisNotReadyError(this.#location);
  }
}
