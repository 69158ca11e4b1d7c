import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface WorkerProcessOptions {
  readonly name: string;
  /** The file that Node runs. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Receives what the process writes to standard error. */
  readonly logFile: string;
}

/** A child process with its log in a file and its last lines at hand. */
export class WorkerProcess {
  readonly name: string;
  readonly logFile: string;
  readonly exited: Promise<number | null>;
  /** It was asked to end. */
  isStopping = false;
  readonly #child: ChildProcess;
  readonly #tail: string[] = [];
  readonly #answers: AsyncIterableIterator<string>;

  constructor({ name, script, args, env = {}, logFile }: WorkerProcessOptions) {
    this.name = name;
    this.logFile = logFile;
    this.#child = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the one who started us: it decides when and in which order its processes end.
      detached: true,
    });
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#endWithUs();
    this.#keepLog(createWriteStream(logFile, { flags: 'a' }));
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The last lines that the process wrote to standard error. */
  get lastLines(): readonly string[] {
    return this.#tail;
  }

  /** The next line on standard output, or `undefined` once the process has ended. */
  async nextLine(): Promise<string | undefined> {
    const { value, done } = await this.#answers.next();
    return done ? undefined : value;
  }

  /** Asks the process to end, and ends it for good if it has not after `patienceMs`. */
  async stop(patienceMs = 10_000): Promise<void> {
    this.isStopping = true;
    if (!this.isRunning) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** A process that nobody watches any more would run for ever. */
  #endWithUs(): void {
    const end = () => this.#child.kill('SIGKILL');
    process.once('exit', end);
    this.#child.once('exit', () => process.off('exit', end));
  }

  #keepLog(log: WriteStream): void {
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      log.write(`${line}\n`);
      this.#tail.push(line);
      if (this.#tail.length > 20) this.#tail.shift();
    });
    this.#child.once('close', () => log.end());
  }
}
