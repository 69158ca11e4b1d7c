/** A worker that logs for hours must not fill the memory of the process that started it. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/** Text that grows, and can be waited for. Beyond 8 MiB its beginning is forgotten. */
export class LogText {
  #text = '';
  readonly #waiting = new Set<{ readonly wanted: string | RegExp; readonly found: () => void }>();

  append(text: string): void {
    this.#text += text;
    if (this.#text.length > KEPT_CHARACTERS) this.#text = this.#text.slice(-KEPT_CHARACTERS / 2);
    for (const waiting of [...this.#waiting]) if (this.has(waiting.wanted)) waiting.found();
  }

  get text(): string {
    return this.#text;
  }

  lastLines(count: number): string[] {
    const lines = this.#text.split('\n');
    return lines.filter((line) => line !== '').slice(-count);
  }

  has(wanted: string | RegExp): boolean {
    return typeof wanted === 'string' ? this.#text.includes(wanted) : wanted.test(this.#text);
  }

  /** Resolves once the text has what is wanted. */
  until(wanted: string | RegExp): Promise<void> {
    if (this.has(wanted)) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = {
        wanted,
        found: () => {
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      this.#waiting.add(waiting);
    });
  }
}
