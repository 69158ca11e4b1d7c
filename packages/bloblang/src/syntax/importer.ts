import { dirname, isAbsolute, join } from 'node:path';
import { BloblangError } from '@sluice/values';
import { readBoundedFile } from '../registry/read-bounded-file.ts';

/** Thrown when a file that a mapping imports cannot be read. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** Where `import` and `from` read. */
export interface Importer {
  /** The text at a path, and the importer for the imports within it. Throws {@link ImportError}. */
  read(path: string): { text: string; importer: Importer };
}

/** Reads files relative to a directory, and the imports of a file relative to that file. */
export function fileImporter(directory: string): Importer {
  return {
    read(path) {
      const file = isAbsolute(path) ? path : join(directory, path);
      try {
        return { text: new TextDecoder().decode(readBoundedFile(file)), importer: fileImporter(dirname(file)) };
      } catch (error) {
        if (error instanceof BloblangError) throw new ImportError(error.message, { cause: error });
        throw new ImportError(`open ${file}: ${reasonOf(error)}`, { cause: error });
      }
    },
  };
}

/** Refuses every import, for mappings of people who are not trusted with the file system. */
export const noImports: Importer = {
  read() {
    throw new ImportError('imports are disabled in this context');
  },
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
};

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EISDIR') return 'is a directory';
  return Object.hasOwn(REASONS, code) ? REASONS[code]! : String(error);
}
