/**
 * Lays out what an image is built of: `node deploy/docker/lay-out.mjs OUT [WORKSPACE…]`, from the root of the checkout.
 *
 * - `OUT/manifests`: package.json of the root and of the workspaces that the named ones stand on, without what only development
 *   needs, and the lockfile. `npm ci` there installs exactly the production dependencies.
 * - `OUT/sources`: the same workspaces without their tests.
 *
 * Plain JavaScript that needs no package, since it runs before anything is installed.
 */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [, , out, ...wanted] = process.argv;
if (out === undefined || wanted.length === 0) throw new Error('expected a folder and the names of workspaces');

const TEST_ONLY = /\.(test|conformance|bench)\.ts$|\/testing$|\/node_modules$|\/tsconfig\.json$/;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const root = readJson('package.json');
const workspaces = new Map(
  globSync(root.workspaces.map((pattern) => `${pattern}/package.json`)).map((file) => [readJson(file).name, dirname(file)]),
);

for (const folder of foldersOf(wanted)) {
  writeManifest(folder, readJson(join(folder, 'package.json')));
  cpSync(folder, join(out, 'sources', folder), {
    recursive: true,
    filter: (path) => !TEST_ONLY.test(path) && path !== `${folder}/package.json` && !isOtherWorkspace(path, folder),
  });
}
writeManifest('.', { ...root, optionalDependencies: undefined, workspaces: [...foldersOf(wanted)].sort() });
for (const file of ['package-lock.json', '.npmrc']) cpSync(file, join(out, 'manifests', file));

/** A workspace that lies in another is laid out by itself, if at all. */
function isOtherWorkspace(path, folder) {
  return path !== folder && existsSync(join(path, 'package.json'));
}

/** The workspaces and all that they depend on. */
function foldersOf(names, found = new Set()) {
  for (const name of names) {
    const folder = workspaces.get(name);
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    foldersOf(Object.keys(readJson(join(folder, 'package.json')).dependencies ?? {}), found);
  }
  return found;
}

function writeManifest(folder, manifest) {
  const { devDependencies, scripts, nx, peerDependencies, peerDependenciesMeta, ...rest } = manifest;
  mkdirSync(join(out, 'manifests', folder), { recursive: true });
  writeFileSync(join(out, 'manifests', folder, 'package.json'), `${JSON.stringify(rest, null, 2)}\n`);
}
