import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { spawnChild } from '@sluice/testkit';
import type { Ended } from './installation.ts';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number | undefined;
}

export const spawnProgram = (command: string, args: readonly string[], { cwd, env, uid }: ProgramOptions = {}) =>
  spawnChild(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });

/** Runs a program to its end; one that is not there ends with 127. */
export async function runProgram(command: string, args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  const child = spawnProgram(command, args, options);
  const missing = once(child, 'error').then(([error]) => ({ code: 127, stdout: '', stderr: String(error) }));
  const ended = Promise.all([once(child, 'close'), text(child.stdout!), text(child.stderr!)]).then(([[code], stdout, stderr]) => ({
    ...{ code: code as number | null, stdout, stderr },
  }));
  return Promise.race([missing, ended]);
}

/** @throws {Error} it ended with another code than 0 */
export async function mustRun(command: string, args: readonly string[], options?: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stderr || stdout}`);
  return stdout.trim();
}
