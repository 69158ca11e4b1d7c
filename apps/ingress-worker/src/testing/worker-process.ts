import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess, programFile } from '@sluice/testkit';

/** A folder for configuration files, removed at the end. */
export interface ConfigFolder extends AsyncDisposable {
  /** Writes a file and answers its path. */
  write(name: string, text: string): Promise<string>;
}

export async function createConfigFolder(): Promise<ConfigFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-ingress-worker-'));
  return {
    async write(name, text) {
      const file = join(folder, name);
      await writeFile(file, text);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An ingress-worker in a process of its own. */
export const startWorkerProcess = (args: readonly string[], env: NodeJS.ProcessEnv = {}): NodeProcess =>
  new NodeProcess({
    name: 'ingress-worker',
    script: programFile('ingress-worker'),
    args: ['--operations-port', '0', ...args],
    env: { ...NO_AWS, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...env },
  });

/** Removes AWS settings of the machine that runs the tests from the environment. */
const NO_AWS = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_'))
    .map((name) => [name, undefined]),
);
