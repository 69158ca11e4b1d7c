import { readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { type Cache, ResourceError } from '@sluice/processors';
import type { ResourceOptions } from './resource-settings.ts';

/** `file`: a file for each key, which is its path below the folder. The folder must exist; values do not expire. */
export function fileCache({ directory }: ResourceOptions): Cache {
  const fileOf = (key: string): string => {
    const file = join(directory as string, key);
    const below = relative(directory as string, file);
    if (below === '' || below.startsWith('..') || isAbsolute(below))
      throw new ResourceError('the key leads out of the folder of the cache');
    return file;
  };
  const write = (file: string, value: Uint8Array, flag: 'w' | 'wx') => writeFile(file, value, { flag, mode: 0o644 });
  return {
    get: async (key) => {
      const file = fileOf(key);
      return readFile(file).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? undefined : fail('open', file, error)));
    },
    set: async (key, value) => {
      const file = fileOf(key);
      await write(file, value, 'w').catch((error: unknown) => fail('open', file, error));
    },
    add: async (key, value) => {
      const file = fileOf(key);
      try {
        await write(file, value, 'wx');
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        await rm(file, { force: true }).catch(() => undefined);
        return fail('open', file, error);
      }
    },
    delete: async (key) => {
      const file = fileOf(key);
      await unlink(file).catch((error: unknown) => fail('remove', file, error));
    },
  };
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ENOSPC: 'no space left on device',
};

function fail(what: string, file: string, error: unknown): never {
  const code = codeOf(error);
  throw new ResourceError(`${what} ${file}: ${REASONS[code] ?? code}`);
}
