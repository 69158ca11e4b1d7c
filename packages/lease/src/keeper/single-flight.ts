/** Runs one thing at a time. Asked for while it runs, it runs once more afterwards. */
export class SingleFlight {
  readonly #task: () => Promise<void>;
  #state: 'idle' | 'running' | 'again' | 'stopped' = 'idle';
  #running: Promise<void> = Promise.resolve();

  /** @param task never rejects */
  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  run(): void {
    if (this.#state === 'idle') this.#running = this.#runUntilIdle();
    else if (this.#state === 'running') this.#state = 'again';
  }

  /** Resolves once nothing runs, for good. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    await this.#running;
  }

  async #runUntilIdle(): Promise<void> {
    do {
      this.#state = 'running';
      await this.#task();
    } while (this.#isWantedAgain());
  }

  #isWantedAgain(): boolean {
    if (this.#state === 'again') return true;
    if (this.#state === 'running') this.#state = 'idle';
    return false;
  }
}
