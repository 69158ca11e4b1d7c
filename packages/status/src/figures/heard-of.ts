/** What tells of itself every few seconds while it is there. */
const SILENT_SECONDS = 120;

interface Heard<Entry> {
  readonly entry: Entry;
  isNews: boolean;
  silentSeconds: number;
}

/** Entries by name, made at their first event and forgotten once they have been silent for long: the configuration may have dropped them. */
export class HeardOf<Entry> implements Iterable<[string, Entry]> {
  readonly #create: () => Entry;
  readonly #heard = new Map<string, Heard<Entry>>();

  constructor(create: () => Entry) {
    this.#create = create;
  }

  /** The entry of an event. */
  of(name: string): Entry {
    const known = this.#heard.get(name) ?? { entry: this.#create(), isNews: true, silentSeconds: 0 };
    known.isNews = true;
    this.#heard.set(name, known);
    return known.entry;
  }

  /** Notes that `seconds` have passed since the last call. */
  forgetSilent(seconds: number): void {
    for (const [name, heard] of this.#heard) {
      heard.silentSeconds = heard.isNews ? 0 : heard.silentSeconds + seconds;
      heard.isNews = false;
      if (heard.silentSeconds > SILENT_SECONDS) this.#heard.delete(name);
    }
  }

  *[Symbol.iterator](): IterableIterator<[string, Entry]> {
    for (const [name, { entry }] of this.#heard) yield [name, entry];
  }
}
