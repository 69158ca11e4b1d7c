import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { NODE_RANGE } from '../pack/published-manifest.ts';
import { asciiText } from './ascii-text.ts';
import { FILES, ownPlaces, PROGRAMS } from './import-meta.ts';
import type { Programs } from './programs.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ENTRY = '\0program:';

/** Read at run time from where they lie. */
const READ_AT_RUN_TIME = ['packages/*/src/**/*.lua', 'apps/board/web/dist'];
/** `sluice up` is for a checkout. */
const NOT_SHIPPED = /\/apps\/sluice\/src\/up\/(up|functions\/up-functions)\.ts$/;

/**
 * Writes programs and all that they stand on into a folder: `bin/NAME.js`, what programs share in `chunks`, and what they read in `files`.
 * Outside of it they need only packages that are data: `@bull-board/ui`, `@faker-js/faker`, `unidecode`.
 */
export async function bundlePrograms(programs: Programs, out: string): Promise<void> {
  // What the board shows.
  execFileSync(process.execPath, ['apps/board/web/build.ts', '--if-stale'], { cwd: ROOT });
  const bundle = await rolldown({
    cwd: ROOT,
    platform: 'node',
    input: Object.fromEntries(Object.keys(programs).map((name) => [name, `${ENTRY}${name}`])),
    transform: { target: 'node22' },
    plugins: [entries(programs), leaveOut(NOT_SHIPPED), ownPlaces(ROOT), asciiText],
    // Bull Board asks for its page with `eval` where nobody says where it is; the board does.
    // What is told to be its own place has as many lines as before.
    checks: { eval: false, sourcemapBroken: false },
  });
  await bundle.write({
    dir: out,
    format: 'esm',
    entryFileNames: `${PROGRAMS}/[name].js`,
    chunkFileNames: 'chunks/[name]-[hash].js',
    banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
    // Errors and AWS commands are told apart by the names of their classes.
    keepNames: true,
    // V8 keeps the text of all code that is loaded. What licences ask for stays.
    comments: { legal: true, annotation: false, jsdoc: false },
    sourcemap: true,
    sourcemapExcludeSources: true,
    sourcemapPathTransform: (source, map) => relative(ROOT, resolve(dirname(map), source)),
  });
  await bundle.close();
  for (const name of Object.keys(programs)) chmodSync(join(out, PROGRAMS, `${name}.js`), 0o755);
  writeFileSync(join(out, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const file of globSync(READ_AT_RUN_TIME, { cwd: ROOT })) cpSync(join(ROOT, file), join(out, FILES, file), { recursive: true });
  // Says which Node the programs need.
  const core = join(out, FILES, 'packages/core/package.json');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/core/package.json'), 'utf8')) as { version: string };
  mkdirSync(dirname(core), { recursive: true });
  writeFileSync(core, `${JSON.stringify({ name: '@sluice/core', version, engines: { node: NODE_RANGE } }, null, 2)}\n`);
}

/** A program begins with what makes its stack traces readable. */
const entries = (programs: Programs): Plugin => ({
  name: 'programs',
  resolveId: (id) => (id.startsWith(ENTRY) ? id : undefined),
  load: (id) =>
    id.startsWith(ENTRY)
      ? [join(import.meta.dirname, 'stack-traces.ts'), join(ROOT, programs[id.slice(ENTRY.length)]!)]
          .map((file) => `import ${JSON.stringify(file)};\n`)
          .join('')
      : undefined,
});

/** Importing it fails as a package that is not installed does. */
const leaveOut = (files: RegExp): Plugin => ({
  name: 'leave-out',
  async resolveId(source, importer, options) {
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && files.test(found.id) ? { id: '@sluice/not-shipped', external: true } : found;
  },
});
