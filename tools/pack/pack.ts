/**
 * Makes the npm packages: `npm run build:npm` emits JavaScript and declarations, lays out each public workspace under `dist/npm/NAME`, and packs
 * it into `dist/npm/NAME-VERSION.tgz`. `node tools/pack/pack.ts FOLDER` makes them in another folder.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layOutPackage } from './lay-out-package.ts';
import { publicWorkspaces } from './public-workspaces.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const out = resolve(process.argv[2] ?? join(ROOT, 'dist/npm'));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const emitted = mkdtempSync(join(tmpdir(), 'sluice-pack-'));
try {
  run('node', ['apps/board/web/build.ts', '--if-stale']);
  run('tsc', ['-p', 'tsconfig.build.json', '--outDir', emitted]);
  const workspaces = publicWorkspaces(ROOT);
  const versions = new Map(workspaces.map(({ manifest }) => [manifest.name, manifest.version]));
  const folders = workspaces.map((workspace) => layOutPackage(workspace, { root: ROOT, emitted, out, versions }));
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out, ...folders]);
} finally {
  rmSync(emitted, { recursive: true, force: true });
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env['PATH']}` },
  });
}
