/** One input that several read. */
import type { Deliver, Delivery, Input } from '../delivery.ts';

interface Reader {
  readonly deliver: Deliver;
  readonly signal: AbortSignal;
}

/**
 * An input for any number of readers: each of its deliveries goes to one of them, to whoever has had room for longest. It runs while one
 * reads, and ends for all of them together; a reader that comes after that has it run anew.
 */
export function dealing(input: Input): Input {
  let running: Run | undefined;
  const start = (): Run => {
    const run: Run = new Run(input, () => {
      if (running === run) running = undefined;
    });
    return run;
  };
  return async (deliver, signal) => {
    running ??= start();
    await running.read({ deliver, signal });
  };
}

class Run {
  /** Those with room. */
  readonly #ready: Reader[] = [];
  readonly #readers = new Set<Reader>();
  readonly #stop = new AbortController();
  readonly #failed = Promise.withResolvers<never>();
  readonly #ended: Promise<void>;
  readonly #onOver: () => void;
  #onReady: () => void = () => undefined;

  /** @param onOver called when no reader should come any more, once or more often */
  constructor(input: Input, onOver: () => void) {
    this.#onOver = onOver;
    // Not before the first reader is there.
    const ended = Promise.resolve().then(() => input((delivery) => this.#deal(delivery), this.#stop.signal));
    this.#ended = Promise.race([ended, this.#failed.promise]).finally(onOver);
  }

  async read(reader: Reader): Promise<void> {
    const leave = Promise.withResolvers<void>();
    const onAbort = () => leave.resolve();
    this.#readers.add(reader);
    this.#release(reader);
    reader.signal.addEventListener('abort', onAbort, { once: true });
    if (reader.signal.aborted) onAbort();
    await Promise.race([this.#ended, leave.promise]).finally(() => reader.signal.removeEventListener('abort', onAbort));
    this.#readers.delete(reader);
    if (this.#readers.size > 0 || !reader.signal.aborted) return;
    this.#stop.abort(reader.signal.reason);
    this.#onOver();
    await this.#ended;
  }

  /** Resolves once it is handed on. */
  async #deal(delivery: Delivery): Promise<void> {
    let reader = this.#next();
    for (; !reader; reader = this.#next()) await new Promise<void>((resolve) => (this.#onReady = resolve));
    reader.deliver(delivery).then(() => this.#release(reader), this.#failed.reject);
  }

  /** The last one gets what still comes, though it has stopped: that is not refused for a stop. */
  #next(): Reader | undefined {
    while (this.#ready.length > 0) {
      const reader = this.#ready.shift()!;
      if (this.#readers.has(reader) || this.#stop.signal.aborted) return reader;
    }
    return undefined;
  }

  #release(reader: Reader): void {
    this.#ready.push(reader);
    this.#onReady();
  }
}
