import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { endWithThisProcess } from './watchdog.ts';

/**
 * Like Node's `spawn`, for tests and development: the child ends with this process, however this process ends. It has a process group of
 * its own, so that Ctrl-C reaches only this process, which then ends its children in its own order.
 */
export function spawnChild(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  endWithThisProcess(child);
  return child;
}
