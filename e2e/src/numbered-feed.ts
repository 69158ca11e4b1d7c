import { sleep, systemClock } from '@sluice/core';
import { type KinesisSink, MAX_RECORDS_PER_PUT, type OutgoingRecord } from '@sluice/kinesis';
import type { SeededRandom } from '@sluice/testkit';

const KEYS = 200;
/** About the size of a flight. */
const PADDING = 'x'.repeat(80);
const REQUESTS_A_SECOND = 10;

/** Feeds records that are numbered through, under keys by chance, and remembers them in the order in which they were stored. */
export class NumberedFeed {
  readonly fed: OutgoingRecord[] = [];
  readonly #sink: KinesisSink;
  readonly #stream: string;
  readonly #random: SeededRandom;
  #isFeeding = false;
  #feeding: Promise<void> = Promise.resolve();

  constructor(sink: KinesisSink, stream: string, random: SeededRandom) {
    this.#sink = sink;
    this.#stream = stream;
    this.#random = random;
  }

  /** Feeds `count` records as fast as they are taken. */
  async feed(count: number): Promise<void> {
    for (let left = count; left > 0; left -= MAX_RECORDS_PER_PUT) await this.put(this.#next(Math.min(left, MAX_RECORDS_PER_PUT)));
  }

  /** Feeds about so many records a second until it is stopped. */
  start(recordsPerSecond: number): void {
    this.#isFeeding = true;
    this.#feeding = this.#feedOn(Math.ceil(recordsPerSecond / REQUESTS_A_SECOND));
    // The failure is reported where the feed is stopped.
    this.#feeding.catch(() => undefined);
  }

  /** Stops once at least so many records were fed in all. */
  async stop(least = 0): Promise<void> {
    this.#isFeeding = false;
    await this.#feeding;
    await this.feed(least - this.fed.length);
  }

  /** Stores records of the caller's own, in one request. */
  async put(records: readonly OutgoingRecord[]): Promise<void> {
    const { failedCount } = await this.#sink.putRecords({ stream: this.#stream, records });
    // Trying again would store them behind later ones of their keys.
    if (failedCount > 0) throw new Error(`the source refused ${failedCount} records of the feed`);
    this.fed.push(...records);
  }

  async #feedOn(recordsPerRequest: number): Promise<void> {
    let dueMs = performance.now();
    while (this.#isFeeding) {
      await this.put(this.#next(recordsPerRequest));
      dueMs += 1_000 / REQUESTS_A_SECOND;
      await sleep(systemClock, Math.max(0, dueMs - performance.now()));
    }
  }

  #next(count: number): OutgoingRecord[] {
    return Array.from({ length: count }, (_, index) => {
      const key = `key-${this.#random.between(1, KEYS)}`;
      return { partitionKey: key, data: Buffer.from(JSON.stringify({ key, number: this.fed.length + index, padding: PADDING })) };
    });
  }
}
