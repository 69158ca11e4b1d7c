/** One recorded case of inputs and outputs: a run of the command line in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programFile } from '@sluice/testkit';
import { type StubAnswer, type StubRequest, startStub } from './io-stub.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string | { readonly base64: string };
  readonly bodyBase64?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface IoOutcome {
  readonly exit: number | string;
  readonly stdout?: string;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly requests?: readonly StubRequest[];
  readonly responses?: readonly unknown[];
}

export interface IoCase {
  readonly id: string;
  readonly component: string;
  readonly config: string;
  readonly stdin?: string | { readonly base64: string };
  readonly files?: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly requests?: readonly Request[];
  readonly stub?: readonly StubAnswer[];
  /** Seconds. */
  readonly timeout?: number;
  readonly stop?: number;
  readonly stop2?: number;
  readonly sort?: boolean;
  readonly sortreq?: boolean;
  readonly approx?: string;
  readonly listfiles?: boolean;
  readonly rawlogs?: boolean;
  readonly expect: IoOutcome & { readonly stderr?: string };
  readonly expect2?: IoOutcome;
}

const SLUICE = programFile('sluice');
/** What is logged once signals are minded, and how long it may take, in seconds. */
const STARTED = 'pipeline started';
const START_SECONDS = 30;

export async function runIoCase(testCase: IoCase): Promise<IoOutcome & { readonly stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-io-'));
  const stub = await startStub(testCase.stub ?? []);
  const port = await freePort();
  try {
    await writeFile(join(folder, 'c.yaml'), testCase.config);
    for (const [name, content] of Object.entries(testCase.files ?? {})) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytesOf(content));
    }
    const run = await runSluice(testCase, { folder, port, stubUrl: stub.url });
    return {
      ...run,
      stdout: testCase.sort ? sortLines(run.stdout) : run.stdout,
      ...(testCase.listfiles && { files: await filesIn(folder) }),
      ...(stub.requests.length > 0 && { requests: testCase.sortreq ? sorted(stub.requests) : stub.requests }),
    };
  } finally {
    await stub.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Surroundings {
  readonly folder: string;
  readonly port: number;
  readonly stubUrl: string;
}

async function runSluice({ stdin = '', stop, stop2, timeout = 20, requests = [] }: IoCase, { folder, port, stubUrl }: Surroundings) {
  const child = spawn(process.execPath, [SLUICE, 'run', 'c.yaml'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), STUB: stubUrl },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  const started = Promise.withResolvers<void>();
  child.stderr.on('data', (chunk: Buffer) => {
    errors.push(chunk);
    if (chunk.includes(STARTED)) started.resolve();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(bytesOf(stdin));
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? String(signal)));
  });
  const abort = new AbortController();
  const after = (seconds: number, act: () => void) =>
    void delay(seconds * 1000, undefined, { signal: abort.signal }).then(act, () => undefined);
  await Promise.race([started.promise, ended, delay(START_SECONDS * 1000, undefined, { signal: abort.signal })]);
  const responses = requests.length > 0 ? await sendAll(requests, port) : undefined;
  if (stop !== undefined) after(stop, () => child.kill('SIGTERM'));
  if (stop !== undefined && stop2 !== undefined) after(stop + stop2, () => child.kill('SIGTERM'));
  let doesNotEnd = false;
  after(timeout, () => {
    doesNotEnd = true;
    child.kill('SIGKILL');
  });
  const exit = await ended;
  abort.abort();
  return {
    exit: doesNotEnd ? 'does not end' : exit,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(errors).toString(),
    ...(responses && { responses }),
  };
}

/** Sends requests in turn, the first one again until somebody listens. */
async function sendAll(requests: readonly Request[], port: number): Promise<unknown[]> {
  const responses: unknown[] = [];
  for (const { method, path, body, bodyBase64, headers = {} } of requests) {
    const content = bodyBase64 === undefined ? body : { base64: bodyBase64 };
    const send = () =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers,
        ...(content !== undefined && { body: new Uint8Array(bytesOf(content)) }),
      });
    const response = await listening(send);
    const boundary = /boundary=(\S+)/.exec(response.headers.get('content-type') ?? '')?.[1];
    const hidden = (text: string) => (boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY'));
    const told = [...response.headers]
      .filter(([name]) => !IGNORED_HEADERS.has(name))
      .map(([name, value]) => [canonical(name), hidden(value)]);
    responses.push({ status: response.status, headers: Object.fromEntries(told), body: hidden(await response.text()) });
  }
  return responses;
}

const IGNORED_HEADERS: ReadonlySet<string> = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding']);
const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

async function listening(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt >= 100) throw error;
      await delay(100);
    }
  }
}

const bytesOf = (content: string | { readonly base64: string }): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64');

const sortLines = (text: string): string =>
  text
    .split('\n')
    .filter(Boolean)
    .sort()
    .map((line) => `${line}\n`)
    .join('');

const sorted = (requests: readonly StubRequest[]): StubRequest[] =>
  requests.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));

async function filesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isFile() && name !== 'c.yaml' && !entry.name.startsWith('.')) found[name] = (await readFile(path)).toString();
  }
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
