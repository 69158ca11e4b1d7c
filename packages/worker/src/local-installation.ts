/** The installation that `sluice up` runs on this machine, as commands in other terminals find it: a small file of the user's. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface LocalInstallation {
  /** The process of `sluice up`. */
  readonly pid: number;
  /** Environment variables that point a worker or an operator's command at it. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags that give a worker the same configuration. */
  readonly configArguments: readonly string[];
}

const folderOf = (env: NodeJS.ProcessEnv): string => join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'sluice');
const fileOf = (env: NodeJS.ProcessEnv): string => join(folderOf(env), 'up.json');

/** Makes the installation known until disposed. Of several at a time the newest is the one that is found, and after it the one before. */
export function announceInstallation(installation: LocalInstallation, env: NodeJS.ProcessEnv = process.env): Disposable {
  const before = findInstallation(env);
  mkdirSync(folderOf(env), { recursive: true, mode: 0o700 });
  write(installation, env);
  return {
    [Symbol.dispose]() {
      if (readInstallation(env)?.pid !== installation.pid) return;
      if (before && isRunning(before.pid)) write(before, env);
      else rmSync(fileOf(env), { force: true });
    },
  };
}

const write = (installation: LocalInstallation, env: NodeJS.ProcessEnv): void =>
  writeFileSync(fileOf(env), JSON.stringify(installation), { mode: 0o600 });

/** The installation that runs now, or `undefined`. One whose process has ended does not count. */
export function findInstallation(env: NodeJS.ProcessEnv = process.env): LocalInstallation | undefined {
  const installation = readInstallation(env);
  return installation && isRunning(installation.pid) ? installation : undefined;
}

function readInstallation(env: NodeJS.ProcessEnv): LocalInstallation | undefined {
  try {
    const found = JSON.parse(readFileSync(fileOf(env), 'utf8')) as Partial<LocalInstallation>;
    return typeof found.pid === 'number' && found.env && found.configArguments ? (found as LocalInstallation) : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
