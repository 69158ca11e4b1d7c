import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { linkModules } from '../link-modules.ts';
import type { Installation } from './installation.ts';
import { mustRun, runProgram, spawnProgram } from './run-program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const BUILT = ['@sluice/sluice', '@sluice/board-web', '@sluice/kinesis-emulator'];
const USER = 10_001;
const GRACE_MS = 10_000;

/** A folder with what the Dockerfile puts into the image, step by step as it does, with the packages of this checkout. */
export async function openLaidOutFolder(): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-image-'));
  await chmod(folder, 0o755);
  const [out, build, sluice, config, bin] = ['out', 'build', 'sluice', 'config', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await mustRun(process.execPath, ['deploy/docker/lay-out.mjs', out, ...BUILT], { cwd: ROOT });
  await cp(join(out, 'manifests'), build, { recursive: true });
  // Installing anew would take longest by far; that the lockfile fits the manifests is checked all the same.
  await mustRun('npm', ['ci', '--dry-run', '--prefer-offline', '--no-update-notifier'], { cwd: build });
  await cp(join(out, 'sources'), build, { recursive: true });
  await linkModules(build);
  for (const tool of ['tools/bundle', 'tools/pack']) await cp(join(ROOT, tool), join(build, tool), { recursive: true });
  await mustRun(process.execPath, ['tools/bundle/bundle.ts', sluice], { cwd: build });
  for (const stage of [out, build]) await rm(stage, { recursive: true });
  await cp(join(ROOT, 'deploy/docker/health.mjs'), join(sluice, 'health.mjs'));
  await cp(join(ROOT, 'examples/pipeline'), config, { recursive: true });
  await mkdir(bin);
  await cp(process.execPath, join(bin, 'node'));
  await mustRun('chmod', ['-R', 'a-w,a+rX', folder]);

  const node = join(bin, 'node');
  const program = join(sluice, 'bin/sluice.js');
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
