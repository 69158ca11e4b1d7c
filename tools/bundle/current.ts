/**
 * Prints the folder of a bundle of the sources as they are, for tests: of all programs, also those that production does not run. Makes it
 * where there is none yet; what it was made from is its name, so that runs beside each other do not disturb each other.
 */
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { DEVELOPMENT, PRODUCTION } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BUNDLES = join(ROOT, 'node_modules/.cache/sluice-bundles');
const SOURCES = [
  '{packages,apps}/*/{src/**/*,*.mjs,package.json}',
  'apps/board/web/{src/**/*,public/**/*,*.*}',
  'tools/bundle/*',
  'package-lock.json',
];
const NOT_BUNDLED = /\.(test|conformance)\.tsx?$|\/testing\//;
const KEPT_MS = 24 * 60 * 60 * 1000;

const folder = join(BUNDLES, fingerprint());
mkdirSync(BUNDLES, { recursive: true });
if (isThere(folder)) utimesSync(folder, new Date(), new Date());
else await make(folder);
removeOld();
process.stdout.write(`${folder}\n`);

async function make(wanted: string): Promise<void> {
  const draft = mkdtempSync(join(BUNDLES, 'draft-'));
  await bundlePrograms({ ...PRODUCTION, ...DEVELOPMENT }, draft);
  try {
    renameSync(draft, wanted);
  } catch (error) {
    // Another run was faster.
    rmSync(draft, { recursive: true });
    if (!isThere(wanted)) throw error;
  }
}

function fingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  const files = globSync(SOURCES, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !NOT_BUNDLED.test(file));
  for (const file of files.toSorted()) hash.update(file.slice(ROOT.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Also drafts of runs that were killed. */
function removeOld(): void {
  for (const name of readdirSync(BUNDLES)) {
    const { mtimeMs } = statSync(join(BUNDLES, name), { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
    if (mtimeMs < Date.now() - KEPT_MS) rmSync(join(BUNDLES, name), { recursive: true, force: true });
  }
}
