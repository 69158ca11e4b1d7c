import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

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

/** An ingress-worker in a process of its own. Disposing kills it. */
export interface WorkerProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it wrote to standard error so far. */
  readonly stderr: string;
  readonly exited: Promise<number | null>;
  /** Resolves once a log line contains the text; rejects where the process ends first. */
  untilSays(text: string): Promise<void>;
  /** How many log lines contain the text. */
  timesSaid(text: string): number;
}

export function startWorkerProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): WorkerProcess {
  const child = spawn(process.execPath, [MAIN, '--operations-port', '0', ...args], {
    env: { ...withoutAws(process.env), AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of [...listeners]) listener();
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    get stderr() {
      return stderr;
    },
    exited,
    async untilSays(text) {
      const said = Promise.withResolvers<void>();
      const look = () => {
        if (stderr.includes(text)) said.resolve();
      };
      listeners.add(look);
      look();
      const ended = exited.then((code) => {
        throw new Error(`the worker exited with ${code} and never said ${JSON.stringify(text)}: ${stderr}`);
      });
      await Promise.race([said.promise, ended]).finally(() => listeners.delete(look));
    },
    timesSaid: (text) => stderr.split(text).length - 1,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const withoutAws = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
