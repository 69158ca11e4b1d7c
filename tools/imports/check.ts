/** Fails when a workspace imports what it does not declare, or against the direction of `layers.ts`. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { importsOf, problemOf, type Workspace } from './rules.ts';

const folders = globSync([
  'packages/*/package.json',
  'apps/*/package.json',
  'tools/package.json',
  'bench/package.json',
  'e2e/package.json',
]).map(dirname);

const problems = folders.flatMap((folder) => {
  const workspace = readWorkspace(folder);
  const files = globSync(`${folder}/**/*.ts`, { exclude: (name) => name.includes('node_modules') });
  return files
    .flatMap((file) => importsOf(file, readFileSync(file, 'utf8')))
    .flatMap((site) => {
      const problem = problemOf(workspace, site);
      return problem ? [`${site.file}:${site.line} ${problem}`] : [];
    });
});

process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.stdout.write(`imports: ${folders.length} workspaces, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function readWorkspace(folder: string): Workspace {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Record<string, Record<string, string> | undefined>;
  return {
    name: basename(folder),
    dependencies: new Set(Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] })),
    devDependencies: new Set(Object.keys(manifest['devDependencies'] ?? {})),
  };
}
