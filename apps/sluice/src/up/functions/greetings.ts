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

/** Compares greetings with the visits that were fed: each visit of a name is greeted with its number, in order. */
export class GreetingCheck {
  readonly #fed = new Map<string, number>();
  readonly #seen = new Map<string, Set<number>>();
  readonly #highest = new Map<string, number>();
  #repeated = 0;
  #outOfOrder = 0;

  visited(name: string): void {
    this.#fed.set(name, (this.#fed.get(name) ?? 0) + 1);
  }

  greeted({ name, visits: count }: Greeting): void {
    const seen = this.#seen.get(name) ?? new Set();
    this.#seen.set(name, seen);
    if (seen.has(count)) {
      this.#repeated++;
      return;
    }
    seen.add(count);
    const highest = this.#highest.get(name) ?? 0;
    if (count < highest) this.#outOfOrder++;
    this.#highest.set(name, Math.max(count, highest));
  }

  report(): GreetingReport {
    let expected = 0;
    let missing = 0;
    for (const [name, count] of this.#fed) {
      expected += count;
      for (let visit = 1; visit <= count; visit++) if (!this.#seen.get(name)?.has(visit)) missing++;
    }
    const greeted = [...this.#seen.values()].reduce((sum, { size }) => sum + size, 0);
    return { expected, missing, repeated: this.#repeated, outOfOrder: this.#outOfOrder, foreign: greeted - (expected - missing) };
  }
}

export const renderGreetingReport = ({ expected, missing, repeated, outOfOrder, foreign }: GreetingReport): string =>
  `${expected} visits, ${expected - missing} greeted with the right count; ${missing} missing, ${repeated} repeated, ${outOfOrder} out of order${
    foreign > 0 ? `, ${foreign} of visits that were not fed (by curl?)` : ''
  }\n`;
