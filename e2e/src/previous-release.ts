/** The release before this one, to run its workers together with today's. There is no tag yet: the commit is pinned here. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The last commit before operating an installation was built. A release moves it on to the release before. */
const COMMIT = 'becfe3eef729443f7bd268e2d5a9b02f0e0cad74';
const ROOT = resolve(import.meta.dirname, '../..');
const WORKSPACES = ['apps', 'packages'];
const run = promisify(execFile);

/** A folder from which the workers of the previous release can be started. */
export interface PreviousRelease extends AsyncDisposable {
  readonly root: string;
}

/** `undefined`, with the reason on standard error, where the history does not have it, as in a shallow clone. */
export async function openPreviousRelease(): Promise<PreviousRelease | undefined> {
  const isThere = await run('git', ['-C', ROOT, 'cat-file', '-e', `${COMMIT}^{commit}`]).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    process.stderr.write(`the previous release was not tried: commit ${COMMIT} is not in this history (a shallow clone?)\n`);
    return undefined;
  }
  const root = await mkdtemp(join(tmpdir(), 'sluice-previous-'));
  const archive = join(root, 'archive.tar');
  await run('git', ['-C', ROOT, 'archive', '--output', archive, COMMIT, 'package.json', 'tsconfig.base.json', ...WORKSPACES]);
  await run('tar', ['-xf', archive, '-C', root]);
  await rm(archive);
  await linkModules(root);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** Foreign packages are those of today: links into this checkout. Its own packages are the release's. */
async function linkModules(root: string): Promise<void> {
  const modules = join(root, 'node_modules');
  await mkdir(join(modules, '@sluice'), { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@sluice') await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  for (const folder of WORKSPACES) {
    for (const name of await readdir(join(root, folder))) {
      const workspace = join(root, folder, name);
      const manifest = await readFile(join(workspace, 'package.json'), 'utf8').catch(() => undefined);
      if (manifest === undefined) continue;
      await symlink(workspace, join(modules, (JSON.parse(manifest) as { name: string }).name));
      const own = join(ROOT, folder, name, 'node_modules');
      if (existsSync(own)) await symlink(own, join(workspace, 'node_modules'));
    }
  }
}
