import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort, NodeProcess, programFile, spawnChild } from '@sluice/testkit';
import { type CodeBlock, ROOT } from './code-blocks.ts';

const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
/** That the examples of the docs read and write. */
const STREAMS = ['orders', 'orders-by-customer', 'totals', 'clicks', 'names', 'greetings'];

/** For a script that never ends: it wants the attribute `no-run=never-ends`. */
const LIMIT_MS = 300_000;

interface Up {
  readonly process: NodeProcess;
  readonly stateHome: string;
  readonly env: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * What the commands of the docs are run against: `sluice up` and `sluice up --functions`, the streams that examples name, and a copy of
 * the repository's examples to work in. Ports that a page names are those of this installation.
 */
export class Installation implements AsyncDisposable {
  readonly #flights: Up;
  readonly #functions: Up;
  readonly #folder: string;
  readonly #ports: ReadonlyArray<readonly [written: string, real: string]>;
  #runs = 0;

  private constructor(flights: Up, functions: Up, folder: string, ports: ReadonlyArray<readonly [string, string]>) {
    this.#flights = flights;
    this.#functions = functions;
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
    mkdirSync(join(folder, 'bin'));
    const sluice = `#!/bin/sh\nexec '${process.execPath}' '${programFile('sluice')}' "$@"\n`;
    writeFileSync(join(folder, 'bin/sluice'), sluice, { mode: 0o755 });
    const [flights, functions, totalsPort, greeterPort] = await Promise.all([
      startUp(join(folder, 'flights'), ['--rate', '250'], /[1-9]\d* arrived/),
      startUp(join(folder, 'functions'), ['--functions'], /Hello/),
      freePort(),
      freePort(),
    ]);
    await Promise.all(STREAMS.map((stream) => createStream(flights.env['AWS_ENDPOINT_URL_KINESIS']!, stream)));
    const ports = [
      ['127.0.0.1:3000', new URL(/^board +(\S+)/m.exec(flights.text)![1]!).host],
      ['127.0.0.1:4198', /127\.0\.0\.1:\d+(?=\/example\/greeter)/.exec(functions.text)?.[0] ?? '127.0.0.1:4198'],
      ['8004', String(totalsPort)],
      ['8000', String(greeterPort)],
    ] as const;
    return new Installation(flights, functions, folder, ports);
  }

  /** Runs a block as a script that ends at the first command that fails. What it leaves in the background ends with it. */
  async run({ code, attributes }: CodeBlock): Promise<{ code: number | null; output: string }> {
    const { stateHome, env } = attributes['with'] === 'functions' ? this.#functions : this.#flights;
    const cwd = this.#workFolder();
    const child = spawnChild('bash', ['-eo', 'pipefail', '-c', this.#withPorts(code)], {
      cwd,
      env: {
        ...withoutSettings(),
        ...CREDENTIALS,
        AWS_ENDPOINT_URL_KINESIS: env['AWS_ENDPOINT_URL_KINESIS'],
        XDG_STATE_HOME: stateHome,
        // `sluice` is the program under test; `npx sluice` is the checkout's.
        PATH: [join(this.#folder, 'bin'), join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(':'),
        // Workers that a block starts are an installation of their own; other commands find the one that `sluice up` runs.
        ...(/\bsluice run\b/.test(code) && {
          SLUICE_REDIS_URL: env['SLUICE_REDIS_URL'],
          SLUICE_REDIS_PREFIX: `docs-${this.#runs}`,
          SLUICE_PORTS_INGRESS_WORKER: '0',
          SLUICE_PORTS_EGRESS_WORKER: '0',
          SLUICE_PORTS_FUNCTION_WORKER: '0',
        }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
    const timer = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), LIMIT_MS);
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    clearTimeout(timer);
    // All that the block started is in its process group.
    signalGroup(child.pid!, 'SIGKILL');
    return { code: exitCode, output: (await output).join('\n') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#flights.process.kill(), this.#functions.process.kill()]);
  }

  /** A folder like the root of the repository: its examples to change, everything else as it is. */
  #workFolder(): string {
    const folder = join(this.#folder, `run-${++this.#runs}`);
    mkdirSync(folder);
    for (const entry of readdirSync(ROOT)) if (entry !== 'examples') symlinkSync(join(ROOT, entry), join(folder, entry));
    cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
    for (const name of ['from-the-kcl/module.yaml', 'from-the-kcl/totals.mjs', 'functions/module.yaml']) {
      const file = join(folder, 'examples', name);
      writeFileSync(file, this.#withPorts(readFileSync(file, 'utf8')));
    }
    return folder;
  }

  #withPorts(text: string): string {
    return this.#ports.reduce((changed, [written, real]) => changed.replaceAll(written, real), text);
  }
}

async function startUp(stateHome: string, flags: readonly string[], works: RegExp): Promise<Up> {
  const process = new NodeProcess({
    name: 'sluice up',
    script: join(ROOT, 'apps/sluice/src/main.ts'),
    args: ['up', '--shards', '2', '--board-port', '0', ...flags],
    env: {
      ...Object.fromEntries(
        Object.keys(globalThis.process.env)
          .filter(isSetting)
          .map((name) => [name, undefined]),
      ),
      XDG_STATE_HOME: stateHome,
    },
  });
  let text = '';
  while (!works.test(text)) {
    const line = await process.nextLine();
    if (line === undefined) throw new Error(`sluice up ended: ${text}\n${process.log}`);
    text += `${line}\n`;
  }
  // Its pipe must not fill.
  void (async () => {
    while ((await process.nextLine()) !== undefined);
  })();
  const { env } = JSON.parse(readFileSync(join(stateHome, 'sluice/up.json'), 'utf8')) as { env: Record<string, string> };
  return { process, stateHome, env, text };
}

async function createStream(endpoint: string, name: string): Promise<void> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.CreateStream',
      // The emulator wants to be told who asks, and computes no signature.
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ StreamName: name, ShardCount: 2 }),
  });
  if (!answer.ok) throw new Error(`the stream ${name} was not created: ${await answer.text()}`);
}

const isSetting = (name: string): boolean => /^(SLUICE_|AWS_|REDIS_URL|NODE_OPTIONS|FORCE_COLOR)/.test(name);
const withoutSettings = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)));

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}
