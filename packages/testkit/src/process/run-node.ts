import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { spawnChild } from './spawn-child.ts';

export interface RunNodeOptions {
  readonly cwd?: string;
  /** Added to this process's own environment; `undefined` takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Without it there is no standard input. */
  readonly input?: string | Uint8Array;
}

export interface RunResult {
  /** The exit code, or `null` after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with these arguments to its end. */
export async function runNode(args: readonly string[], { cwd, env = {}, input }: RunNodeOptions = {}): Promise<RunResult> {
  const child = spawnChild(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  // A command that ends without reading its input closes the pipe.
  child.stdin?.on('error', () => undefined).end(input);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout!), text(child.stderr!)]);
  return { code: code as number | null, stdout, stderr };
}
