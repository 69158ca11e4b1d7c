import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Writes the files that are not what they should be; `files` has their content by their path from the root of the repository.
 * With `isCheck` it only names them, and answers false if there are any.
 */
export function writeOrCheck(
  files: Readonly<Record<string, string>>,
  { isCheck, root = ROOT }: { isCheck: boolean; root?: string },
): boolean {
  const stale = Object.entries(files).filter(([path, content]) => contentOf(join(root, path)) !== content);
  for (const [path, content] of stale) {
    if (isCheck) {
      console.error(`${path} is stale`);
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
  return !isCheck || stale.length === 0;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
