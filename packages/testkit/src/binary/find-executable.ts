import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first of some programs on the PATH, or `undefined`. */
export async function findExecutable(names: readonly string[], path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const folder of [...path.split(delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean)) {
    for (const name of names) {
      const file = join(folder, name);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

export const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
