/** What the tour of functions feeds, and what must come of it. */
import type { FeedRecord } from '../../feed/record-source.ts';

const VISITORS = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Radia', 'Tony', 'Frances'];

/** Visitors in turn, without end. The key is the id of the greeter's address: each name has a greeter, and so a count, of its own. */
export async function* visits(): AsyncGenerator<FeedRecord> {
  for (;;) for (const name of VISITORS) yield { partitionKey: name, data: Buffer.from(JSON.stringify({ name })) };
}

export interface Greeting {
  readonly name: string;
  /** The greeter's count. */
  readonly visits: number;
  readonly text: string;
}

export interface GreetingReport {
  readonly expected: number;
  readonly missing: number;
  /** Read more than once: Kinesis may have a record twice when an answer was lost. */
  readonly repeated: number;
  /** First seen after a later one of the same name. */
  readonly outOfOrder: number;
  /** Of visits that nobody made. */
  readonly foreign: number;
}

/** The greetings of one name. */
class NameTally {
  fed = 0;
  readonly #seen = new Set<number>();
  #highest = 0;
  greetings = 0;
  repeated = 0;
  outOfOrder = 0;

  greeted(count: number): void {
    this.greetings++;
    if (this.#seen.has(count)) {
      this.repeated++;
      return;
    }
    this.#seen.add(count);
    if (count < this.#highest) this.outOfOrder++;
    this.#highest = Math.max(count, this.#highest);
  }

  get missing(): number {
    let missing = 0;
    for (let visit = 1; visit <= this.fed; visit++) if (!this.#seen.has(visit)) missing++;
    return missing;
  }

  get foreign(): number {
    return this.greetings - this.repeated - (this.fed - this.missing);
  }
}

/** Compares greetings with the visits that were fed: each visit of a name is greeted with its number, in order. */
export class GreetingCheck {
  readonly #names = new Map<string, NameTally>();

  visited(name: string): void {
    this.#tallyOf(name).fed++;
  }

  greeted({ name, visits: count }: Greeting): void {
    this.#tallyOf(name).greeted(count);
  }

  report(): GreetingReport {
    const tallies = [...this.#names.values()];
    // A name that was never fed came by curl, perhaps to several addresses: its counts say nothing of order or repeats.
    const fed = tallies.filter((tally) => tally.fed > 0);
    const unfed = tallies.filter((tally) => tally.fed === 0);
    return {
      expected: sum(fed.map((tally) => tally.fed)),
      missing: sum(fed.map(({ missing }) => missing)),
      repeated: sum(fed.map(({ repeated }) => repeated)),
      outOfOrder: sum(fed.map(({ outOfOrder }) => outOfOrder)),
      foreign: sum([...fed.map(({ foreign }) => foreign), ...unfed.map(({ greetings }) => greetings)]),
    };
  }

  #tallyOf(name: string): NameTally {
    const tally = this.#names.get(name) ?? new NameTally();
    this.#names.set(name, tally);
    return tally;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export const renderGreetingReport = ({ expected, missing, repeated, outOfOrder, foreign }: GreetingReport): string =>
  `${expected} visits, ${expected - missing} greeted with the right count; ${missing} missing, ${repeated} repeated, ${outOfOrder} out of order${
    foreign > 0 ? `, ${foreign} of visits that were not fed (by curl?)` : ''
  }\n`;
