import { systemClock } from '@sluice/core';
import {
  countDeadLetters,
  type DeadLetter,
  type DeadLetterSummary,
  getDeadLetter,
  type LaneSender,
  listDeadLetters,
  listTargets,
  openLaneSender,
  redriveDeadLetter,
  removeDeadLetter,
  sendAgain,
  type TargetLanes,
} from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';
import { unknownTarget } from '../lanes/read-targets.ts';

/** Which dead letters are meant. */
export interface Selection {
  readonly ids: readonly string[];
  readonly target: string | undefined;
  /** Every one of the target, or of all targets where none is named. */
  readonly isAll: boolean;
}

/** The dead letters of some targets in one Redis. */
export class DeadLetterDesk {
  readonly #session: RedisSession;
  readonly #keyPrefix: string;

  constructor(session: RedisSession, keyPrefix: string) {
    this.#session = session;
    this.#keyPrefix = keyPrefix;
  }

  /** @throws {OperatorInputError} no target has that name */
  async targets(only: string | undefined): Promise<readonly TargetLanes[]> {
    const targets = await listTargets(this.#session, { keyPrefix: this.#keyPrefix });
    const chosen = only === undefined ? targets : targets.filter(({ target }) => target === only);
    if (only !== undefined && chosen.length === 0) throw unknownTarget(only, targets);
    return chosen;
  }

  count(target: string): Promise<number> {
    return countDeadLetters(this.#session, { keyPrefix: this.#keyPrefix, target });
  }

  /**
   * Of one target, or of all.
   * @throws {OperatorInputError} no target has that name
   */
  async countAll(only: string | undefined): Promise<number> {
    const counts = await Promise.all((await this.targets(only)).map(({ target }) => this.count(target)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Newest first. */
  list(target: string, offset: number, count: number): Promise<DeadLetterSummary[]> {
    return listDeadLetters(this.#session, { keyPrefix: this.#keyPrefix, target, offset, count });
  }

  /** @throws {OperatorInputError} there is no such dead letter, or one in several targets */
  async find(id: string, target: string | undefined): Promise<DeadLetter> {
    const targets = await this.targets(target);
    const found = await Promise.all(
      targets.map((one) => getDeadLetter(this.#session, { keyPrefix: this.#keyPrefix, target: one.target, id })),
    );
    const letters = found.filter((letter) => letter !== undefined);
    if (letters.length > 1)
      throw new OperatorInputError(
        `expected one target with dead letter ${id}, found ${letters.map((letter) => letter.target).join(', ')}: choose one with --target`,
      );
    if (letters[0]) return letters[0];
    throw new OperatorInputError(`there is no dead letter ${id}${target === undefined ? '' : ` of ${target}`}`);
  }

  /** Puts them back into their lanes, oldest first. Those that arrive meanwhile stay. Answers how many. */
  redrive(selection: Selection): Promise<number> {
    return this.#each(selection, async ({ target, lanes }) => {
      const sender = await this.#openSender(target, lanes);
      return (id) => redriveDeadLetter(this.#session, sender, id);
    });
  }

  /**
   * Puts records of letters that come from elsewhere into the lanes of their targets.
   * @throws {OperatorInputError} no target has that name
   */
  async send(letters: readonly DeadLetter[]): Promise<void> {
    for (const [target, some] of Map.groupBy(letters, (letter) => letter.target)) {
      const { lanes } = (await this.targets(target))[0]!;
      await sendAgain(await this.#openSender(target, lanes), some);
    }
  }

  /**
   * Only looks whether {@link send} could.
   * @throws {OperatorInputError} no target has that name
   */
  async check(letters: readonly DeadLetter[]): Promise<void> {
    for (const target of new Set(letters.map((letter) => letter.target))) await this.targets(target);
  }

  /** Removes them and their records. Answers how many. */
  remove(selection: Selection): Promise<number> {
    return this.#each(
      selection,
      async ({ target }) =>
        (id) =>
          removeDeadLetter(this.#session, { keyPrefix: this.#keyPrefix, target, id }),
    );
  }

  #openSender(target: string, lanes: number): Promise<LaneSender> {
    return openLaneSender({ session: this.#session, keyPrefix: this.#keyPrefix, target, lanes, clock: systemClock });
  }

  async #each(
    { ids, target, isAll }: Selection,
    open: (target: TargetLanes) => Promise<(id: string) => Promise<boolean>>,
  ): Promise<number> {
    const letters = isAll ? [] : await Promise.all(ids.map((id) => this.find(id, target)));
    let done = 0;
    for (const one of await this.targets(target)) {
      const chosen = isAll
        ? await this.#idsOldestFirst(one.target)
        : letters.filter((letter) => letter.target === one.target).map(({ id }) => id);
      if (chosen.length === 0) continue;
      const act = await open(one);
      for (const id of chosen) if (await act(id)) done++;
    }
    return done;
  }

  /** Those that exist now. One that is redriven and fails again gets a new id; it must not be redriven again in the same run. */
  async #idsOldestFirst(target: string): Promise<string[]> {
    const ids = new Set<string>();
    const count = await this.count(target);
    for (let offset = 0; offset < count; offset += PAGE) {
      for (const { id } of await this.list(target, offset, PAGE)) ids.add(id);
    }
    return [...ids].reverse();
  }
}

const PAGE = 1_000;
