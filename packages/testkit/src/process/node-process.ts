import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { LogText } from './log-text.ts';
import { spawnChild } from './spawn-child.ts';

export interface NodeProcessOptions {
  /** For messages. @default the script */
  readonly name?: string;
  /** The file that Node runs. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Added to this process's own environment; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Also receives what the process writes to standard error. */
  readonly logFile?: string;
}

/** A script that Node runs in a process of its own. It ends with this process; disposing kills it. */
export class NodeProcess implements AsyncDisposable {
  readonly name: string;
  readonly logFile: string | undefined;
  /** The exit code, or `null` after a signal, once the process has ended and its output is read. */
  readonly exited: Promise<number | null>;
  /** It was asked to end. */
  isStopping = false;
  readonly #child: ChildProcess;
  readonly #log = new LogText();
  readonly #output: AsyncIterableIterator<string>;

  constructor({ name, script, args = [], env = {}, cwd, logFile }: NodeProcessOptions) {
    this.name = name ?? script;
    this.logFile = logFile;
    this.#child = spawnChild(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    });
    const log = logFile === undefined ? undefined : this.#child.stderr!.pipe(createWriteStream(logFile, { flags: 'a' }));
    this.exited = Promise.all([once(this.#child, 'close'), log && finished(log)]).then(([[code]]) => code as number | null);
    this.#output = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#log.append(text));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What the process wrote to standard error: the last 8 MiB of it. */
  get log(): string {
    return this.#log.text;
  }

  /** The last lines that the process wrote to standard error. */
  get lastLines(): readonly string[] {
    return this.#log.lastLines(20);
  }

  /** The next line on standard output, or `undefined` once the process has ended. */
  async nextLine(): Promise<string | undefined> {
    const { value, done } = await this.#output.next();
    return done ? undefined : value;
  }

  /**
   * Resolves once the log has `wanted`, also where it had it before.
   * @throws {Error} the process ended without it
   */
  async logged(wanted: string | RegExp): Promise<void> {
    const ended = this.exited.then((code) => {
      if (!this.#log.has(wanted)) throw new Error(`${this.name} ended with exit code ${code} and never logged "${wanted}":\n${this.log}`);
    });
    await Promise.race([this.#log.until(wanted), ended]);
  }

  /** How often the log contains `text`. */
  timesLogged(text: string): number {
    return this.log.split(text).length - 1;
  }

  /** Sends a signal to a process that runs. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal);
  }

  /** Asks the process to end, and kills it after `patienceMs`. Resolves with its exit code. */
  async stop(patienceMs = 60_000): Promise<number | null> {
    this.isStopping = true;
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    this.isStopping = true;
    this.signal('SIGKILL');
    await this.exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
