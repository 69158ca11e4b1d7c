import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSluiceOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = resolve(import.meta.dirname, '../main.ts');

/** Runs the command line as a process of its own, with nobody at its standard input and none of our settings in its environment. */
export async function runSluice(args: readonly string[], { cwd, env = {} }: RunSluiceOptions = {}): Promise<CommandResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SLUICE_|REDIS_URL|NODE_OPTIONS|FORCE_COLOR)/.test(name));
  const child = spawn(process.execPath, [MAIN, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}
