/**
 * Writes the JSON Schemas (`schema/`) and the reference pages (`docs/configuration/`) from the schemas of packages/config:
 *
 *     node tools/schema/generate.ts [--check]
 *
 * With `--check` nothing is written; stale files are listed and the exit code is 1.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

const root = join(import.meta.dirname, '..', '..');
const isCheck = process.argv.includes('--check');
const stale = Object.entries(generatedFiles()).filter(([path, content]) => contentOf(join(root, path)) !== content);

for (const [path, content] of stale) {
  if (isCheck) {
    console.error(`${path} is stale: run node tools/schema/generate.ts`);
    continue;
  }
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  console.log(`wrote ${path}`);
}
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
