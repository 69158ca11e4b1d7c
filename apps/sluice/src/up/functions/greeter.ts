import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort, NodeProcess } from '@sluice/testkit';
import { ProcessEndedError, UpUsageError } from '../errors.ts';
import { unexpectedEnd } from '../playground.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../../../../examples/functions');
/** Where the example's module.yaml expects the greeter. */
const EXAMPLE_PORT = 8000;
const EXAMPLE_URL = `http://127.0.0.1:${EXAMPLE_PORT}/`;

/** A function server that greets, and the configuration that names it. */
export interface Greeter extends AsyncDisposable {
  readonly url: string;
  readonly configArguments: readonly string[];
  /** Rejects when it ends though nobody asked it to; never resolves. */
  readonly failed: Promise<never>;
}

/** One that runs already. @param directory for a module.yaml with its URL */
export async function useGreeter(url: string, directory: string): Promise<Greeter> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UpUsageError(`--greeter: expected a URL such as ${EXAMPLE_URL}, found ${url}`);
  return {
    url,
    configArguments: await configFor(url, directory),
    failed: new Promise<never>(() => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Starts the example's, in a process of its own. @param directory for its log, and for a module.yaml where the example's port is taken */
export async function startGreeter(directory: string): Promise<Greeter> {
  const port = await freePort(EXAMPLE_PORT);
  const process = new NodeProcess({
    name: 'greeter',
    script: join(EXAMPLE, 'greeter.mjs'),
    env: { PORT: String(port) },
    logFile: join(directory, 'greeter.log'),
  });
  if ((await process.nextLine()) === undefined) throw new ProcessEndedError(process);
  const url = `http://127.0.0.1:${port}/`;
  const failed = unexpectedEnd(process);
  failed.catch(() => undefined);
  return {
    url,
    configArguments: await configFor(url, directory),
    failed,
    [Symbol.asyncDispose]: async () => void (await process.stop(10_000)),
  };
}

async function configFor(url: string, directory: string): Promise<string[]> {
  const files = [await moduleFor(url, directory), join(EXAMPLE, 'sluice.yaml')];
  return files.flatMap((file) => ['--config', file]);
}

async function moduleFor(url: string, directory: string): Promise<string> {
  const example = join(EXAMPLE, 'module.yaml');
  if (url === EXAMPLE_URL) return example;
  const copy = join(directory, 'module.yaml');
  await writeFile(
    copy,
    (await readFile(example, 'utf8')).replace(EXAMPLE_URL, () => url),
  );
  return copy;
}
