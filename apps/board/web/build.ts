/**
 * Builds the page into `dist`: `node apps/board/web/build.ts [--if-stale]`. What it was built from stands beside it, so that a start from a
 * checkout builds anew only what has changed.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const MARK = join(HERE, 'dist/built-from.txt');
const SOURCES = ['src/**/*', 'public/**/*', 'index.html', 'vite.config.ts', 'package.json'];

/**
 * @param options.ifStale leave a `dist` alone that was built from these sources
 * @throws what Vite throws where a source does not compile
 */
export async function buildWeb(options: { readonly ifStale?: boolean } = {}): Promise<void> {
  const sources = fingerprint();
  if (options.ifStale && sources === builtFrom()) return;
  const { build } = await import('vite');
  await build({ configFile: join(HERE, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(MARK, sources);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: HERE, withFileTypes: true, exclude: (entry) => /\.test\.tsx?$/.test(entry.name) });
  for (const file of files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))) {
    hash.update(file.slice(HERE.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function builtFrom(): string | undefined {
  try {
    return readFileSync(MARK, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) await buildWeb({ ifStale: process.argv.includes('--if-stale') });
