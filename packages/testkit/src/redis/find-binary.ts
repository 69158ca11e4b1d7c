import { findExecutable } from '../binary/find-executable.ts';
import { installPackages } from '../binary/install-packages.ts';

const NAMES = ['redis-server', 'valkey-server'];

/** The first `redis-server` or `valkey-server` on the PATH, or `undefined`. */
export const findRedisBinary = (path?: string): Promise<string | undefined> => findExecutable(NAMES, path);

/** Installs Debian's or Ubuntu's `redis-server` package. Only possible as root; answers the binary that is there afterwards. */
export const installRedisBinary = async (onNotice?: (text: string) => void): Promise<string | undefined> =>
  (await installPackages(['redis-server'], onNotice)) ? findRedisBinary() : undefined;
