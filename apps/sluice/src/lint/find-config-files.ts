import { opendir } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { Problem } from '@sluice/config';

export interface FoundFiles {
  /** Each once, in the order of the arguments, those of a directory by name. */
  readonly files: readonly string[];
  /** Directories that cannot be walked, or hold nothing to check. */
  readonly problems: readonly Problem[];
}

const CONFIG_FILE = /\.ya?ml$/i;

/** `directory/...` stands for every `.yaml` and `.yml` file below it, but for hidden folders and `node_modules`. Any other path stands for itself. */
export async function findConfigFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    if (basename(path) !== '...') {
      files.set(normalize(path), path);
      continue;
    }
    const directory = dirname(path);
    const found = await filesBelow(directory, problems);
    if (found.length === 0 && !problems.some(({ file }) => file === directory))
      problems.push(problemOf(directory, 'warning', 'holds no .yaml or .yml file'));
    for (const file of found) if (!files.has(normalize(file))) files.set(normalize(file), file);
  }
  return { files: [...files.values()], problems };
}

async function filesBelow(root: string, problems: Problem[]): Promise<string[]> {
  const found: string[] = [];
  const waiting = [root];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    try {
      for await (const entry of await opendir(directory)) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) {
          if (!entry.name.startsWith('.') && entry.name !== 'node_modules') waiting.push(path);
        } else if (CONFIG_FILE.test(entry.name)) found.push(path);
      }
    } catch (cause) {
      problems.push(problemOf(directory, 'error', `cannot be read: ${reasonOf(cause as NodeJS.ErrnoException)}`));
    }
  }
  return found.sort();
}

const problemOf = (file: string, severity: Problem['severity'], message: string): Problem => ({
  severity,
  file,
  line: 1,
  column: 1,
  code: 'file.unreadable',
  message,
});

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'no such directory';
  if (code === 'ENOTDIR') return 'is not a directory';
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : message;
}
