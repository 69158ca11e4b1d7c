/** What the worker has opened, and what is still being opened when it ends. Closed in the opposite order. */
export class Resources {
  // No `AsyncDisposableStack`: Node 22, on which the published packages run, has none.
  readonly #closers: (() => unknown)[] = [];
  readonly #opening: Promise<unknown>[] = [];

  open<Resource extends AsyncDisposable>(opening: Promise<Resource>): Promise<Resource> {
    const opened = opening.then((resource) => this.use(resource));
    this.#opening.push(opened);
    return opened;
  }

  use<Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource {
    this.defer(() => (Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose]()));
    return resource;
  }

  defer(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes all of them, also where one fails. @throws the first failure */
  async close(): Promise<void> {
    await Promise.allSettled(this.#opening);
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
