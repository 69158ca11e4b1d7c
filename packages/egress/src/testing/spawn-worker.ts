import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerProcessArguments } from './worker-process.ts';

export interface WorkerProcess {
  readonly pid: number;
  readonly workerId: string;
  /** What it has logged. */
  readonly log: () => string;
  /** Sends a signal. Resolves once the process has ended, but for a signal that only stops it or lets it go on. */
  kill(signal: NodeJS.Signals): Promise<void>;
  readonly exitCode: () => number | null;
}

export function spawnWorker(settings: WorkerProcessArguments): WorkerProcess {
  const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  return {
    workerId: settings.workerId,
    pid: child.pid!,
    log: () => log,
    exitCode: () => child.exitCode,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await exited;
    },
  };
}
