import { type ChildProcess, spawn } from 'node:child_process';

export interface WorkerCommand {
  readonly name: string;
  /** What Node runs. */
  readonly script: string;
  readonly args: readonly string[];
}

export interface RunWorkersOptions {
  readonly workers: readonly WorkerCommand[];
  /** How long a worker may take to stop, in milliseconds, before it is killed. */
  readonly patienceMs: number;
  /** Subscribes to the signals of this process; each is passed on every time, and all but SIGHUP ask workers to stop. Answers how to unsubscribe. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => () => void;
  /** Resolves, with what to tell, when workers cannot go on: they are stopped, and the exit code is 1. */
  readonly lost?: Promise<string>;
  readonly tell: (line: string) => void;
}

interface Ended {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const PRELOAD = import.meta.resolve('#end-with-parent');

/**
 * Runs workers until all have ended. When one fails, the others are stopped. Answers the exit code of the first that failed, else 0.
 *
 * Each worker has its own process group. A terminal sends Ctrl-C to a whole group; a worker that got it from us as well would take it
 * for a second one and end at once.
 */
export async function runWorkers({ workers, patienceMs, onSignal, lost, tell }: RunWorkersOptions): Promise<number> {
  const children = workers.map((worker) => ({ worker, child: start(worker) }));
  let exitCode = 0;
  let isStopping = false;
  const timers: NodeJS.Timeout[] = [];
  const pass = (signal: NodeJS.Signals) => {
    for (const { child } of children) if (isRunning(child)) child.kill(signal);
    if (signal === 'SIGHUP') return;
    if (!isStopping) timers.push(setTimeout(() => pass('SIGKILL'), patienceMs));
    isStopping = true;
  };
  const offSignal = onSignal(pass);
  void lost?.then((reason) => {
    if (isStopping) return;
    tell(`${reason}; stopping the workers`);
    exitCode ||= 1;
    pass('SIGTERM');
  });
  await Promise.all(
    children.map(async ({ worker, child }) => {
      const { code, signal } = await endOf(worker.name, child);
      // One that was still loading ends by the signal itself, with nothing in hand.
      if (code === 0 || (isStopping && (signal === 'SIGTERM' || signal === 'SIGINT'))) return;
      if (!isStopping)
        tell(`${worker.name} ${code === null ? `was killed by ${signal}` : `failed with exit code ${code}`}; stopping the others`);
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
