import { resolve } from 'node:path';
import { type RunNodeOptions, type RunResult, runNode } from '@sluice/testkit';

const MAIN = resolve(import.meta.dirname, '../main.ts');

/** Runs the command line to its end, with none of our settings in its environment. */
export function runSluice(args: readonly string[], { env, ...options }: RunNodeOptions = {}): Promise<RunResult> {
  const ours = Object.keys(process.env).filter((name) => /^(SLUICE_|REDIS_URL|NODE_OPTIONS|FORCE_COLOR)/.test(name));
  const without = Object.fromEntries(ours.map((name) => [name, undefined]));
  return runNode([MAIN, ...args], { ...options, env: { ...without, ...env } });
}
