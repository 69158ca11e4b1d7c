import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface WorkerCommand {
  readonly name: string;
  /** What Node runs. */
  readonly script: string;
  readonly args: readonly string[];
}

export interface RunWorkersOptions {
  readonly workers: readonly WorkerCommand[];
  /** How long a worker that was asked to end may take, in milliseconds, before it is ended for good. */
  readonly patienceMs: number;
  /** Tells which signals reach this process; each is passed on as often as it comes. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
  readonly tell: (line: string) => void;
}

interface Ended {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const PRELOAD = join(import.meta.dirname, 'end-with-parent.ts');

/**
 * Runs workers until all have ended; one that fails ends the others. Answers the exit code: that of the first that failed, else 0.
 *
 * Each worker has a process group of its own: a terminal sends Ctrl-C to a whole group, and a worker that also gets it from us would
 * take it for the second one, which means to end at once.
 */
export async function runWorkers({ workers, patienceMs, onSignal, tell }: RunWorkersOptions): Promise<number> {
  const children = workers.map((worker) => ({ worker, child: start(worker) }));
  let exitCode = 0;
  let isStopping = false;
  const timers: NodeJS.Timeout[] = [];
  const pass = (signal: NodeJS.Signals) => {
    for (const { child } of children) if (isRunning(child)) child.kill(signal);
    if (!isStopping) timers.push(setTimeout(() => pass('SIGKILL'), patienceMs));
    isStopping = true;
  };
  const offSignal = onSignal(pass);
  await Promise.all(
    children.map(async ({ worker, child }) => {
      const { code, signal } = await endOf(worker.name, child);
      if (code === 0) return;
      if (!isStopping)
        tell(`${worker.name} ${code === null ? `was ended by ${signal}` : `failed with exit code ${code}`}; the rest is stopped`);
      exitCode ||= code ?? 1;
      if (!isStopping) pass('SIGTERM');
    }),
  );
  offSignal();
  for (const timer of timers) clearTimeout(timer);
  return exitCode;
}

const start = ({ script, args }: WorkerCommand): ChildProcess =>
  spawn(process.execPath, ['--import', PRELOAD, script, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

const endOf = (name: string, child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ name, code, signal }));
    child.once('error', () => resolve({ name, code: 1, signal: null }));
  });
