import { resolve } from 'node:path';
import type { Installation } from './installation.ts';
import { mustRun, runProgram } from './run-program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const BASE_IMAGES = ['node:24-bookworm-slim', 'debian:bookworm-slim'];
const IMAGE = 'sluice-e2e';
const GRACE_SECONDS = '10';

/** The image as this machine's engine builds it, or `undefined` where none answers or the base images cannot be had. */
export async function openContainers(): Promise<Installation | undefined> {
  if ((await runProgram('docker', ['version'])).code !== 0) return undefined;
  for (const image of BASE_IMAGES) {
    const isThere = (await runProgram('docker', ['image', 'inspect', image])).code === 0;
    if (!isThere && (await runProgram('docker', ['pull', '--quiet', image])).code !== 0) return undefined;
  }
  await mustRun('docker', ['build', '--quiet', '--target', 'sluice', '--tag', IMAGE, ROOT]);
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
