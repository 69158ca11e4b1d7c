import { existsSync, globSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Gives a copy of workspaces the foreign packages of this checkout, as links, and its own packages to import each other. */
export async function linkModules(root: string): Promise<void> {
  const modules = join(root, 'node_modules');
  await mkdir(join(modules, '@sluice'), { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@sluice') await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  for (const manifest of globSync('{apps,packages}/{*,*/*}/package.json', { cwd: root })) {
    const workspace = join(root, dirname(manifest));
    const { name } = JSON.parse(await readFile(join(root, manifest), 'utf8')) as { name: string };
    await symlink(workspace, join(modules, name));
    const own = join(ROOT, dirname(manifest), 'node_modules');
    if (existsSync(own)) await symlink(own, join(workspace, 'node_modules'));
  }
}
