import { resolve } from 'node:path';
import { programFile, type RunNodeOptions, type RunResult, runNode } from '@sluice/testkit';

/** `sluice up` is for a checkout, and no part of what production runs. */
export const UP_MAIN = resolve(import.meta.dirname, '../main.ts');

/** Runs the command line to its end, with none of our settings in its environment. */
export function runSluice(args: readonly string[], { env, ...options }: RunNodeOptions = {}): Promise<RunResult> {
  const ours = Object.keys(process.env).filter((name) => /^(SLUICE_|REDIS_URL|NODE_OPTIONS|FORCE_COLOR)/.test(name));
  const without = Object.fromEntries(ours.map((name) => [name, undefined]));
  return runNode([args[0] === 'up' ? UP_MAIN : programFile('sluice'), ...args], { ...options, env: { ...without, ...env } });
}
