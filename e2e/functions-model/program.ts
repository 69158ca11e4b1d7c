/** A random program of commands, with what must come of it. */
import type { SeededRandom } from '@sluice/testkit';
import type { Command, Failure, Mark } from './commands.ts';

/** What must be true of a cell in the end. */
export interface Expected {
  commands: number;
  added: number;
  total: number;
  sent: Record<string, number>;
  seen: Record<string, number>;
  later: number;
  mark: Mark;
  /** Commands whose writes to the egress must be there exactly once. */
  writes: number[];
  /** Races to it that were cancelled: each may have arrived once or not at all. */
  maybeWrites: number[];
}

type Kind = Command['do'];

/** How often each kind of command comes; ends of what others begin are not chosen by chance. */
const WEIGHTS: Readonly<Partial<Record<Kind, number>>> = {
  ...{ add: 30, send: 25, later: 10, race: 6, cancel: 6, arm: 3, write: 8, mark: 5, verify: 5, fail: 2 },
};
const KINDS = Object.entries(WEIGHTS).flatMap(([kind, weight]) => Array<Kind>(weight).fill(kind as Kind));
const FAILURES: readonly Failure[] = ['status', 'reset', 'garbage', 'unknown egress', 'unknown state', 'hang'];

/** One command in so many goes to the first cell, so that its messages wait for one another. */
const HOT = 10;

export class Program {
  readonly cells: ReadonlyMap<string, Expected>;
  readonly #random: SeededRandom;
  readonly #ids: readonly string[];
  readonly #armed = new Set<string>();
  readonly #races = new Map<string, { n: number; to: string }[]>();
  #disarmsByTwin = 0;
  #count = 0;

  constructor(random: SeededRandom, cells: number) {
    this.#random = random;
    this.#ids = Array.from({ length: cells }, (_, index) => `cell-${index}`);
    this.cells = new Map(this.#ids.map((id) => [id, nothingYet()]));
  }

  /** The next commands, with the id of the cell for each. */
  next(count: number): { readonly id: string; readonly command: Command }[] {
    return Array.from({ length: count }, () => {
      const id = this.#random.below(HOT) === 0 ? this.#ids[0]! : this.#random.pick(this.#ids);
      const kind = this.#random.pick(KINDS);
      // Each failure holds up what waits behind it for seconds.
      const isSpared = kind === 'fail' && id === this.#ids[0] && !this.#random.chance(0.1);
      return this.#issue(id, isSpared ? 'add' : kind);
    });
  }

  /** The last commands: no alarm stays set, and each cell says what it has. */
  end(): { readonly id: string; readonly command: Command }[] {
    const disarms = [...this.#armed].map((id) => this.#issue(id, this.#random.chance(0.5) ? 'disarm' : 'disarm by twin'));
    return [...disarms, ...this.#ids.map((id) => this.#issue(id, 'verify'))];
  }

  /** How many commands were issued. */
  get count(): number {
    return this.#count;
  }

  /** Messages that the twins must have got in all. */
  get disarmsByTwin(): number {
    return this.#disarmsByTwin;
  }

  #issue(id: string, kind: Kind): { id: string; command: Command } {
    const n = this.#count++;
    const expected = this.cells.get(id)!;
    expected.commands += 1;
    return { id, command: { n, ...this.#action(id, expected, kind, n) } as Command };
  }

  #action(id: string, expected: Expected, kind: Kind, n: number): object {
    const random = this.#random;
    const to = this.#neighbour(id);
    const amount = random.between(-3, 9);
    switch (kind) {
      case 'send':
        expected.sent[to] = (expected.sent[to] ?? 0) + 1;
        this.#arriving(to, amount).seen[id] = expected.sent[to];
        return { do: kind, to, amount };
      case 'later':
        this.#arriving(to, amount).later += 1;
        return { do: kind, to, amount, delayMs: random.between(0, 3_000) };
      case 'race':
        this.#racesOf(id).push({ n, to });
        this.cells.get(to)!.writes.push(n);
        return { do: kind, to, delayMs: random.pick([0, 50, 300, 1_500]) };
      case 'cancel': {
        const race = this.#racesOf(id).pop();
        if (!race) return this.#action(id, expected, 'add', n);
        const target = this.cells.get(race.to)!;
        target.writes = target.writes.filter((write) => write !== race.n);
        target.maybeWrites.push(race.n);
        return { do: kind, race: race.n };
      }
      case 'arm':
        this.#armed.add(id);
        return { do: kind };
      case 'disarm by twin':
        this.#disarmsByTwin += 1;
        return { do: kind };
      case 'write':
        expected.writes.push(n);
        return { do: kind };
      case 'mark':
        expected.mark = random.pick<Mark>(['absent', 'empty', 'text']);
        return { do: kind, as: expected.mark };
      case 'verify':
        return { do: kind, commands: expected.commands, added: expected.added };
      case 'fail':
        return { do: kind, how: random.pick(FAILURES), times: random.between(1, 2) };
      case 'disarm':
        return { do: kind };
      case 'add':
        expected.added += amount;
        expected.total += amount;
        return { do: kind, amount };
    }
  }

  /** Each cell talks to few others, itself among them, so that pairs have many messages to keep in order. */
  #neighbour(id: string): string {
    const index = this.#ids.indexOf(id);
    const neighbours = [index, (index + 1) % this.#ids.length, (index * 7 + 3) % this.#ids.length];
    return this.#ids[this.#random.pick(neighbours)]!;
  }

  #arriving(to: string, amount: number): Expected {
    const target = this.cells.get(to)!;
    target.total += amount;
    return target;
  }

  #racesOf(id: string): { n: number; to: string }[] {
    const races = this.#races.get(id) ?? [];
    this.#races.set(id, races);
    return races;
  }
}

const nothingYet = (): Expected => ({
  ...{ commands: 0, added: 0, total: 0, sent: {}, seen: {}, later: 0, mark: 'absent', writes: [], maybeWrites: [] },
});
