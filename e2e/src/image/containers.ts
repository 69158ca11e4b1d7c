import { resolve } from 'node:path';
import { missingEngine } from './engine.ts';
import type { Installation } from './installation.ts';
import { mustRun, runProgram } from './run-program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const IMAGE = 'sluice-e2e';
const GRACE_SECONDS = '10';

/** Builds the image from the checkout. Answers its name. */
export async function buildImage(): Promise<string> {
  await mustRun('docker', ['build', '--quiet', '--target', 'sluice', '--tag', IMAGE, ROOT]);
  return IMAGE;
}

/** The image as this machine's engine builds it, or `undefined` where none answers or the base images cannot be had. */
export async function openContainers(): Promise<Installation | undefined> {
  if ((await missingEngine()) !== undefined) return undefined;
  await buildImage();
  const started: string[] = [];
  const common = ['--read-only', '--cap-drop=ALL', '--network=host', '--volume', `${ROOT}/examples/pipeline:/config:ro`];
  return {
    kind: 'containers',
    config: '/config',
    sluice: (args, env) => runProgram('docker', ['run', '--rm', ...common, ...variables(env), IMAGE, ...args]),
    node: (args) => runProgram('docker', ['run', '--rm', ...common, '--entrypoint', 'node', IMAGE, ...args]),
    async start(args, env) {
      const container = await mustRun('docker', ['run', '--detach', ...common, ...variables(env), IMAGE, ...args]);
      started.push(container);
      return {
        health: () => runProgram('docker', ['exec', container, 'node', '/sluice/health.mjs']),
        async stop() {
          await mustRun('docker', ['stop', '--time', GRACE_SECONDS, container]);
          return Number(await mustRun('docker', ['inspect', '--format', '{{.State.ExitCode}}', container]));
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const container of started) await runProgram('docker', ['rm', '--force', '--volumes', container]);
    },
  };
}

const variables = (env: Record<string, string>): string[] => Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
