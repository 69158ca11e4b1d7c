/** Processes that this one has started: each leads a group of its own, so that what it starts itself ends with it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { type Clock, sleep } from '@sluice/core';

/** What a program has to end by itself once its input ends. */
const END_MS = 1_000;
const HAS_GROUPS = process.platform !== 'win32';

export class Children {
  readonly #running = new Set<ChildProcessWithoutNullStreams>();
  readonly #clock: Clock;
  readonly #killAll = (): void => {
    for (const child of this.#running) kill(child);
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws where the arguments cannot be those of a process; a program that is not there is an `error` event. */
  start(name: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(name, args, { stdio: 'pipe', detached: HAS_GROUPS, windowsHide: true });
    // What it does not read is its own affair; how it ends tells.
    child.stdin.on('error', () => undefined);
    if (this.#running.size === 0) process.once('exit', this.#killAll);
    this.#running.add(child);
    const forget = (): void => {
      this.#running.delete(child);
      if (this.#running.size === 0) process.off('exit', this.#killAll);
    };
    child.once('close', forget);
    child.once('error', () => child.pid === undefined && forget());
    return child;
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.#end(child)));
  }

  async #end(child: ChildProcessWithoutNullStreams): Promise<void> {
    const ended = new AbortController();
    const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
    void closed.then(() => ended.abort());
    child.stdin.end();
    await sleep(this.#clock, END_MS, ended.signal).then(
      () => kill(child),
      () => undefined,
    );
    await closed;
  }
}

/** Ends a program and what it has started, at once. */
export function kill(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return;
  try {
    if (HAS_GROUPS) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Why a program cannot be started, as Go says it. */
export function startProblem(name: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? `exec: "${name}": executable file not found` : `exec: "${name}": ${error.code ?? error.message}`;
}

/** How a program has ended, as Go says it. */
export const endText = (code: number | null, signal: NodeJS.Signals | null): string =>
  code === null ? `signal: ${signal}` : `exit status ${code}`;
