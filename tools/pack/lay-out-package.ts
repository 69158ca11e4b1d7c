import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PublicWorkspace } from './public-workspaces.ts';
import { builtPath, publishedManifest } from './published-manifest.ts';

export interface Layout {
  readonly root: string;
  /** Where the compiler wrote: `packages/core/src/index.js`, … */
  readonly emitted: string;
  /** Gets a folder for each package. */
  readonly out: string;
  /** Of the packages that are published together, by name. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Below `src`: what is read or run as it is. */
const AS_IT_IS = '**/*.{mjs,lua,json}';
/** Built by another tool, where a workspace has it. */
const PAGE = 'web/dist';
const ONLY_TESTS = /(^|\/)testing\//;

/** Writes one package, ready for `npm pack`. Answers its folder. */
export function layOutPackage({ folder, manifest }: PublicWorkspace, { root, emitted, out, versions }: Layout): string {
  const source = join(root, folder);
  const target = join(out, manifest.name.replace('@', '').replace('/', '-'));
  const write = (file: string, text: string, mode?: number) => {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), text, mode === undefined ? {} : { mode });
  };

  for (const file of globSync('**/*.{js,d.ts}', { cwd: join(emitted, folder, 'src') }).filter(isShipped))
    write(join('dist', file), withBuiltPaths(file, readFileSync(join(emitted, folder, 'src', file), 'utf8')));
  for (const file of globSync(AS_IT_IS, { cwd: join(source, 'src') }).filter(isShipped))
    copy(join(source, 'src', file), join(target, 'dist', file));
  for (const file of new Set(['./start.mjs', ...Object.values(manifest.bin ?? {})]))
    if (existsSync(join(source, file)))
      write(file, readFileSync(join(source, file), 'utf8').replace(/\.\/src\/[\w./-]+\.ts/g, builtPath), 0o755);
  write('package.json', `${JSON.stringify(publishedManifest(manifest, versions), null, 2)}\n`);
  if (existsSync(join(source, PAGE))) copy(join(source, PAGE), join(target, PAGE));
  copy(join(root, 'LICENSE'), join(target, 'LICENSE'));
  if (existsSync(join(source, 'README.md'))) copy(join(source, 'README.md'), join(target, 'README.md'));
  else write('README.md', `# ${manifest.name}\n\n${manifest.description}\n\n${PART_OF}`);
  return target;
}

const PART_OF =
  'Part of Sluice, which moves records into and out of Amazon Kinesis Data Streams. Install `@sluice/sluice` for the command line. ' +
  'What this package exports may change with any release.\n';

const isShipped = (file: string): boolean => !ONLY_TESTS.test(file);

/** The compiler keeps `.ts` in the imports of declarations; tools other than it look for a file of that name. */
const withBuiltPaths = (file: string, text: string): string =>
  file.endsWith('.d.ts') ? text.replace(/(['"]\.{1,2}\/[^'"\n]*)\.ts(?=['"])/g, '$1.js') : text;

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
