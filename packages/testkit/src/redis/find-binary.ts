import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAMES = ['redis-server', 'valkey-server'];

/** The first `redis-server` or `valkey-server` on the PATH, or `undefined`. */
export async function findRedisBinary(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const folder of [...path.split(delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** Installs Debian's or Ubuntu's `redis-server` package. Only possible as root; answers whether a binary is there afterwards. */
export async function installRedisBinary(onNotice?: (text: string) => void): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || !(await isExecutable('/usr/bin/apt-get'))) return undefined;
  onNotice?.('installing redis-server with apt-get, which may take a minute');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  try {
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'redis-server'], { env });
  } catch {
    return undefined;
  }
  return findRedisBinary();
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
