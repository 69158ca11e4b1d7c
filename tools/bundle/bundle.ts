/**
 * Makes a folder that runs by itself wherever Node is: `npm run build:bundle [-- FOLDER [PROGRAM…]]`, by default in `dist/bundle` and of all
 * programs of production. `node FOLDER/bin/sluice.js` is the command line.
 */
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { DEVELOPMENT, PRODUCTION, type Programs } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ALL: Programs = { ...PRODUCTION, ...DEVELOPMENT };
/** Packages that programs read files of, or load when they are first asked for. They depend on nothing that is not in the bundle. */
const READ_AS_THEY_ARE = ['@bull-board/ui', '@faker-js/faker', 'unidecode'];

const [folder = 'dist/bundle', ...names] = process.argv.slice(2);
const out = resolve(ROOT, folder);
const programs = names.length === 0 ? PRODUCTION : Object.fromEntries(names.map((name) => [name, startOf(name)]));

// What was made there before, and nothing else: somebody may have named a folder that holds more.
for (const name of ['bin', 'chunks', 'files', 'node_modules']) rmSync(join(out, name), { recursive: true, force: true });
await bundlePrograms(programs, out);
if ('sluice' in programs)
  for (const name of READ_AS_THEY_ARE)
    cpSync(join(ROOT, 'node_modules', name), join(out, 'node_modules', name), { recursive: true, dereference: true });

function startOf(name: string): string {
  const file = ALL[name];
  if (file === undefined) throw new Error(`expected one of ${Object.keys(ALL).join(', ')}, found ${name}`);
  return file;
}
