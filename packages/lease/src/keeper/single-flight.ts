/** Runs one thing at a time. Asked for while it runs, it runs once more afterwards. */
export class SingleFlight {
  readonly #task: () => Promise<void>;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  /** @param task never rejects */
  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  run(): void {
    if (this.#isStopped) return;
    if (this.#running) {
      this.#isWanted = true;
      return;
    }
    this.#running = this.#task().finally(() => {
      this.#running = undefined;
      if (!this.#isWanted) return;
      this.#isWanted = false;
      this.run();
    });
  }

  /** Resolves once nothing runs, for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }
}
