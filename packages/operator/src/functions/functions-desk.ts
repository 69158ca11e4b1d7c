import { listWaiting, retryParked, showParked, skipParked, type WaitingAddress, type WaitingMessages } from '@sluice/functions';
import { listTargets } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';
import { unknownTarget } from '../lanes/read-targets.ts';

/** An address for which messages wait outside its lane. */
export interface Mailbox extends WaitingAddress {
  readonly type: string;
}

/** The addresses of functions in one Redis. */
export class FunctionsDesk {
  readonly #session: RedisSession;
  readonly #keyPrefix: string;

  constructor(session: RedisSession, keyPrefix: string) {
    this.#session = session;
    this.#keyPrefix = keyPrefix;
  }

  /**
   * Those that are parked, the longest first; then those with a backlog.
   * @throws {OperatorInputError} no function type has that name
   */
  async list(type: string | undefined): Promise<Mailbox[]> {
    const mailboxes = new Map<string, Mailbox>();
    for (const target of await this.#types(type))
      for await (const waiting of listWaiting(this.#session, { keyPrefix: this.#keyPrefix, target }))
        mailboxes.set(JSON.stringify([target, waiting.id]), { type: target, ...waiting });
    return [...mailboxes.values()].toSorted((a, b) => sinceOf(a) - sinceOf(b));
  }

  /** @throws {OperatorInputError} nothing waits for it */
  async find(type: string, id: string): Promise<Mailbox & WaitingMessages> {
    await this.#types(type);
    const waiting = await showParked(this.#session, this.#addressOf(type, id));
    if (!waiting) throw new OperatorInputError(`expected an address that is parked, found ${type} ${id}, which is not`);
    return { type, ...waiting };
  }

  /** Answers whether it was still parked. */
  retry(type: string, id: string): Promise<boolean> {
    return retryParked(this.#session, this.#addressOf(type, id));
  }

  /**
   * Answers the id of the dead letter.
   * @throws {OperatorInputError} it is not parked
   */
  async skip(type: string, id: string): Promise<string> {
    await this.#types(type);
    const letter = await skipParked(this.#session, this.#addressOf(type, id));
    if (letter === undefined) throw new OperatorInputError(`expected an address that is parked, found ${type} ${id}, which is not`);
    return letter;
  }

  async #types(only: string | undefined): Promise<string[]> {
    const targets = await listTargets(this.#session, { keyPrefix: this.#keyPrefix });
    const chosen = targets.map(({ target }) => target).filter((target) => only === undefined || target === only);
    if (only !== undefined && chosen.length === 0) throw unknownTarget(only, targets);
    return chosen;
  }

  #addressOf(target: string, id: string) {
    return { keyPrefix: this.#keyPrefix, target, id };
  }
}

const sinceOf = ({ parking }: Mailbox): number => parking?.since ?? Number.MAX_SAFE_INTEGER;
