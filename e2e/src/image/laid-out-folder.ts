import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Installation } from './installation.ts';
import { mustRun, runProgram, spawnProgram } from './run-program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const USER = 10_001;
const GRACE_MS = 10_000;

/** A folder with what the Dockerfile puts into the image, step by step as it does. */
export async function openLaidOutFolder(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-image-'));
  await chmod(folder, 0o755);
  const [out, sluice, config, bin] = ['out', 'sluice', 'config', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  await mustRun(process.execPath, ['deploy/docker/lay-out.mjs', out, '@sluice/sluice'], { cwd: ROOT });
  await cp(join(out, 'manifests'), sluice, { recursive: true });
  await mustRun('npm', ['ci', '--prefer-offline', '--no-update-notifier'], { cwd: sluice });
  await cp(join(out, 'sources'), sluice, { recursive: true });
  await mustRun(process.execPath, ['apps/board/web/build.ts', '--if-stale'], { cwd: ROOT });
  await cp(join(ROOT, 'apps/board/web/dist'), join(sluice, 'apps/board/web/dist'), { recursive: true });
  await cp(join(ROOT, 'deploy/docker/health.mjs'), join(sluice, 'health.mjs'));
  await cp(join(ROOT, 'examples/pipeline'), config, { recursive: true });
  await mkdir(bin);
  await cp(process.execPath, join(bin, 'node'));
  await mustRun('chmod', ['-R', 'a-w,a+rX', folder]);

  const node = join(bin, 'node');
  const program = join(sluice, 'apps/sluice/start.mjs');
  const uid = process.getuid?.() === 0 ? USER : undefined;
  const options = (env: Record<string, string>) => ({
    cwd: sluice,
    uid,
    env: { PATH: process.env['PATH'], HOME: '/', NODE_ENV: 'production', ...env },
  });
  return {
    kind: `processes in ${uid === undefined ? 'a folder' : 'a folder, as another user'} (no engine with the base images answers)`,
    config,
    sluice: (args, env) => runProgram(node, [program, ...args], options(env)),
    node: (args) => runProgram(node, args, options({})),
    async start(args, env) {
      const child = spawnProgram(node, [program, ...args], options(env));
      for (const output of [child.stdout!, child.stderr!]) output.resume();
      const ended = once(child, 'close').then(([code]) => code as number | null);
      return {
        health: () => runProgram(node, [join(sluice, 'health.mjs')], options(env)),
        async stop() {
          child.kill('SIGTERM');
          const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
          return ended.finally(() => clearTimeout(timer));
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await mustRun('chmod', ['-R', 'u+w', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
