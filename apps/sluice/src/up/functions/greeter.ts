import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort, NodeProcess } from '@sluice/testkit';
import { ProcessEndedError } from '../errors.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../../../examples/functions');
/** Where the example's module.yaml expects the greeter. */
const EXAMPLE_PORT = 8000;

/** The example's function server, in a process of its own, and the configuration that names it. */
export interface Greeter extends AsyncDisposable {
  readonly url: string;
  readonly configArguments: readonly string[];
  readonly process: NodeProcess;
}

/** Starts the greeter. @param directory for its log, and for the module.yaml where the example's port is taken */
export async function startGreeter(directory: string): Promise<Greeter> {
  const port = await freePort(EXAMPLE_PORT);
  const process = new NodeProcess({
    name: 'greeter',
    script: join(EXAMPLE, 'greeter.mjs'),
    env: { PORT: String(port) },
    logFile: join(directory, 'greeter.log'),
  });
  if ((await process.nextLine()) === undefined) throw new ProcessEndedError(process);
  return {
    url: `http://127.0.0.1:${port}/`,
    process,
    configArguments: ['--config', await moduleFor(port, directory), '--config', join(EXAMPLE, 'sluice.yaml')],
    [Symbol.asyncDispose]: async () => void (await process.stop(10_000)),
  };
}

async function moduleFor(port: number, directory: string): Promise<string> {
  const example = join(EXAMPLE, 'module.yaml');
  if (port === EXAMPLE_PORT) return example;
  const copy = join(directory, 'module.yaml');
  await writeFile(copy, (await readFile(example, 'utf8')).replace(`127.0.0.1:${EXAMPLE_PORT}`, `127.0.0.1:${port}`));
  return copy;
}
