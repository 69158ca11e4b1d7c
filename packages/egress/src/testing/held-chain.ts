import type { ProcessorChain, Run } from '@sluice/processors';

type Messages = Parameters<ProcessorChain['run']>[0];

/** A chain that waits until the test lets a run go on. */
export class HeldChain implements ProcessorChain {
  readonly #chain: ProcessorChain;
  /** Runs that wait, in the order in which they began. */
  readonly open: HeldRun[] = [];

  constructor(chain: ProcessorChain) {
    this.#chain = chain;
  }

  get texts(): readonly string[] {
    return this.open.map(({ text }) => text);
  }

  run(batch: Messages, run?: Run) {
    return this.#hold(batch, run, () => this.#chain.run(batch, run));
  }

  batches(batch: Messages, run?: Run) {
    return this.#hold(batch, run, () => this.#chain.batches(batch, run));
  }

  #hold<T>(batch: Messages, run: Run | undefined, work: () => T | Promise<T>): Promise<T> {
    const text = batch.map(({ content }) => Buffer.from(content).toString()).join();
    return new Promise((resolve, reject) => {
      const held = {
        text,
        release: () => this.#end(held, () => resolve(work())),
        fail: (error: Error) => this.#end(held, () => reject(error)),
      };
      this.open.push(held);
      run?.signal.addEventListener('abort', () => held.fail(run.signal.reason as Error));
    });
  }

  #end(held: HeldRun, answer: () => void): void {
    const place = this.open.indexOf(held);
    if (place >= 0) this.open.splice(place, 1);
    answer();
  }
}

interface HeldRun {
  readonly text: string;
  release(): void;
  fail(error: Error): void;
}
