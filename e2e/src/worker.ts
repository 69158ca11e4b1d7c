import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActorNode } from '@sluice/actor-kit';
import { NodeProcess, programFile, Stopwatch, until } from '@sluice/testkit';

export type App = 'ingress-worker' | 'egress-worker' | 'function-worker' | 'board';

export interface WorkerOptions {
  readonly app: App;
  /** Distinct among the workers of a test. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where its logs go. */
  readonly directory: string;
  /** The checkout whose sources it runs. @default the programs under test */
  readonly root?: string;
}

/** A line of a worker's log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly msg: string;
  readonly [fact: string]: unknown;
}

/** One worker through all its lives. Each life has an id of its own, under which leases, logs and Kinesis know it. */
export class Worker implements AsyncDisposable {
  readonly name: string;
  readonly #options: WorkerOptions;
  #process: NodeProcess | undefined;
  #lives = 0;

  constructor(options: WorkerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Of the life that it lives now, or lived last. */
  get id(): string {
    return `${this.name}.${this.#lives}`;
  }

  start(): void {
    const { app, args, env, root } = this.#options;
    this.#lives += 1;
    this.#process = new NodeProcess({
      name: this.id,
      script: root === undefined ? programFile(app) : join(root, 'apps', app, 'src/main.ts'),
      args: [...args, '--worker-id', this.id, '--operations-port', '0'],
      env: { ...env, AWS_ACCESS_KEY_ID: this.id, AWS_SECRET_ACCESS_KEY: 'secret' },
      logFile: this.#logFile(this.#lives),
    });
  }

  /**
   * Sends a signal; gives a time right before, milliseconds since 1970. A time taken after may come late: a worker that goes on may get
   * the processor of this process at once, and do much before this process reads the clock.
   */
  signal(signal: NodeJS.Signals): number {
    const atMs = Date.now();
    process.kill(this.#running.pid, signal);
    return atMs;
  }

  /** Crashes. Resolves once the process is gone, with the time of the signal, milliseconds since 1970. */
  async kill(): Promise<number> {
    this.#running.isStopping = true;
    const atMs = this.signal('SIGKILL');
    await this.#running.exited;
    return atMs;
  }

  /** Asks it to stop, and tells how it ended and how long that took, as a quiet machine would count it. */
  async terminate(): Promise<{ code: number | null; tookMs: number }> {
    using stopwatch = new Stopwatch();
    this.signal('SIGTERM');
    const code = await this.#running.exited;
    return { code, tookMs: stopwatch.stop() };
  }

  get isRunning(): boolean {
    return this.#process?.isRunning ?? false;
  }

  /** What this life wrote so far, as far as it has come here: news by another way may come before it. */
  log(life = this.#lives): LogLine[] {
    const file = this.#logFile(life);
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => {
        const { time, ...facts } = JSON.parse(line) as Record<string, unknown> & { time: string; msg: string };
        return { ...facts, atMs: Date.parse(time) };
      });
  }

  /**
   * Records that this life wrote and Redis did not confirm, because their lane's lease had run out by then: promise 3 of docs/delivery.md
   * names them, and a worker that got no processor for 2 s meets that. Without such a loss before it, nothing excuses an unconfirmed record.
   */
  unconfirmed(life = this.#lives): number {
    const lost = new Set<string>();
    let records = 0;
    for (const line of this.log(life)) {
      if (line['event'] === 'lease.lost' && ['expired', 'stolen'].includes(String(line['reason']))) lost.add(String(line['lease']));
      if (line['event'] === 'ack.lost' && lost.has(`lane ${line['lane']}`)) records += Number(line['records']);
    }
    return records;
  }

  /** Records of requests that this life left without an answer, as it says itself. */
  unanswered(life = this.#lives): number {
    const lines = this.log(life).filter((line) => line['event'] === 'request.ambiguous');
    return lines.reduce((sum, line) => sum + Number(line['records']), 0);
  }

  /** Records that may be written twice, by what all its lives say. */
  mayRepeat(): number {
    const lives = Array.from({ length: this.#lives }, (_, index) => index + 1);
    return lives.reduce((sum, life) => sum + this.unconfirmed(life) + this.unanswered(life), 0);
  }

  /** Resolves once `/ready` says so. */
  async ready(): Promise<void> {
    await until(`${this.id} to be ready`, async () => (await this.#ask('/ready'))?.ok === true);
  }

  /** A counter of this life, over all its labels, or over those samples that have a label such as `code="X"`. */
  async counter(name: string, label = ''): Promise<number> {
    const answer = await fetch(`${this.operationsUrl}/metrics`);
    const samples = (await answer.text()).matchAll(
      new RegExp(`^${name}${label ? `\\{[^}]*${label}[^}]*\\}` : '(?:\\{[^}]*\\})?'} (\\S+)$`, 'gm'),
    );
    return [...samples].reduce((total, [, amount]) => total + Number(amount), 0);
  }

  /** How many actors of a machine it has, as `/actors` shows them. */
  async actorsOf(machine: string): Promise<number> {
    const answer = await this.#ask('/actors');
    const count = (node: ActorNode): number => node.children.reduce((sum, child) => sum + count(child), node.machine === machine ? 1 : 0);
    const root = answer?.ok ? ((await answer.json()) as ActorNode | null) : null;
    return root ? count(root) : 0;
  }

  /** What the operations port answers; `undefined` where it does not. */
  async #ask(path: string): Promise<Response | undefined> {
    if (!this.isRunning) throw new Error(`${this.id} ended: ${this.#running.lastLines.at(-1) ?? 'it wrote nothing'}`);
    const url = this.operationsUrl;
    if (url === undefined) return undefined;
    return fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  }

  /** The last lines of this life, for a failed test. */
  get lastLines(): readonly string[] {
    return this.#process?.lastLines ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    // A stopped process hears nothing else.
    this.signal('SIGCONT');
    await this.kill();
  }

  /** `undefined` while it is not open. */
  get operationsUrl(): string | undefined {
    return this.log().find(({ msg }) => msg === 'operations server listening')?.['url'] as string | undefined;
  }

  get #running(): NodeProcess {
    if (!this.#process) throw new Error(`${this.name} was not started`);
    return this.#process;
  }

  #logFile(life: number): string {
    return join(this.#options.directory, `${this.name}.${life}.log`);
  }
}
