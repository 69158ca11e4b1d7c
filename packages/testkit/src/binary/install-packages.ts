import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isExecutable } from './find-executable.ts';

const run = promisify(execFile);

/** Installs packages of Debian or Ubuntu. Only possible there and as root; answers whether it was. */
export async function installPackages(names: readonly string[], onNotice?: (text: string) => void): Promise<boolean> {
  if (process.getuid?.() !== 0 || !(await isExecutable('/usr/bin/apt-get'))) return false;
  onNotice?.(`installing ${names.join(', ')} with apt-get, which may take a minute`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  try {
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], { env, maxBuffer: 64 * 1024 * 1024 });
  } catch {
    return false;
  }
  return true;
}
