interface Waiting<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** The most that one round trip asks for. */
const MAX_GROUP = 256;

/** One read at a time; what is asked for meanwhile goes into the next one together. */
export class GroupedReads<Key, Value> {
  readonly #read: (keys: readonly Key[]) => Promise<readonly Value[]>;
  #waiting: Waiting<Key, Value>[] = [];
  #isReading = false;

  constructor(read: (keys: readonly Key[]) => Promise<readonly Value[]>) {
    this.#read = read;
  }

  get(key: Key): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (!this.#isReading) void this.#readAll();
    });
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    // One turn later, what is asked for in this one goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      try {
        const values = await this.#read(group.map(({ key }) => key));
        for (const [index, { resolve }] of group.entries()) resolve(values[index]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#isReading = false;
  }
}
