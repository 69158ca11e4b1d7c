/** The release before this one, to run its workers together with today's. There is no tag yet: the commit is pinned here. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { linkModules } from './link-modules.ts';

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
  // Foreign packages are those of today.
  await linkModules(root);
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
