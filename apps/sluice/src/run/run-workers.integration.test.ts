import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnChild } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runWorkers } from './run-workers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Ends with 0 when it is asked to, and leaves a file that says by which signal. */
const POLITE = `
process.on('SIGTERM', () => end('SIGTERM')).on('SIGINT', () => end('SIGINT'));
process.on('SIGHUP', () => fs.writeFileSync(process.argv[2] + '.reloaded', ''));
function end(signal) { fs.writeFileSync(process.argv[2] + '.ended', signal); process.exit(0); }
fs.writeFileSync(process.argv[2] + '.started', String(process.pid));
setInterval(() => {}, 1000);
`;
const FAILS_ONCE_A_STARTED = `
fs.writeFileSync(process.argv[2] + '.started', '');
setInterval(() => fs.existsSync(process.argv[2].replace(/b$/, 'a.started')) && process.exit(7), 10);
`;
/** Does not listen to signals yet. */
const LOADING = `fs.writeFileSync(process.argv[2] + '.started', ''); setInterval(() => {}, 1000);`;
const DEAF = `process.on('SIGTERM', () => {}); fs.writeFileSync(process.argv[2] + '.started', ''); setInterval(() => {}, 1000);`;

describe('runWorkers', () => {
  it('passes a signal on, and ends when all have', async () => {
    const running = await start({ a: POLITE, b: POLITE });
    running.signal('SIGINT');
    await expect(running.exitCode).resolves.toBe(0);
    expect([await left('a.ended'), await left('b.ended'), running.told]).toEqual(['SIGINT', 'SIGINT', []]);
  });

  it('takes a worker that was still loading for ended well', async () => {
    const running = await start({ a: POLITE, b: LOADING });
    running.signal('SIGTERM');
    await expect(running.exitCode).resolves.toBe(0);
  });

  it('passes a request to load the configuration anew on, and goes on', async () => {
    const running = await start({ a: POLITE, b: POLITE });
    running.signal('SIGHUP');
    await vi.waitFor(() => Promise.all([left('a.reloaded'), left('b.reloaded')]), WAITING);
    running.signal('SIGTERM');
    await expect(running.exitCode).resolves.toBe(0);
  });

  it('ends the others when one fails, with its exit code', async () => {
    const running = await start({ a: POLITE, b: FAILS_ONCE_A_STARTED });
    await expect(running.exitCode).resolves.toBe(7);
    expect([await left('a.ended'), running.told]).toEqual(['SIGTERM', ['b failed with exit code 7; stopping the others']]);
  });

  it('lets the others go on when one is through', async () => {
    const running = await start({ a: POLITE, b: `fs.writeFileSync(process.argv[2] + '.started', String(process.pid))` });
    const pid = await vi.waitFor(async () => {
      const text = await left('b.started');
      // A file is there before its text is.
      expect(text).not.toBe('');
      return Number(text);
    }, WAITING);
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), WAITING);
    await expect(left('a.ended')).rejects.toThrow('ENOENT');
    running.signal('SIGTERM');
    await expect(running.exitCode).resolves.toBe(0);
  });

  it('ends all when they cannot go on', async () => {
    const lost = Promise.withResolvers<string>();
    const running = await start({ a: POLITE }, { lost: lost.promise });
    lost.resolve('its Redis has ended');
    await expect(running.exitCode).resolves.toBe(1);
    expect([await left('a.ended'), running.told]).toEqual(['SIGTERM', ['its Redis has ended; stopping the workers']]);
  });

  it('ends for good what does not listen, once its patience is over', async () => {
    const running = await start({ a: DEAF }, { patienceMs: 100 });
    running.signal('SIGTERM');
    await expect(running.exitCode).resolves.toBe(1);
  });

  it('leaves no worker behind when it is killed itself', async () => {
    const [script, host, name] = [join(folder, 'a.mjs'), join(folder, 'host.mjs'), join(folder, 'a')];
    await writeFile(script, `import fs from 'node:fs';${POLITE}`);
    await writeFile(
      host,
      `import { runWorkers } from ${JSON.stringify(join(import.meta.dirname, 'run-workers.ts'))};
       await runWorkers({ workers: [{ name: 'a', script: ${JSON.stringify(script)}, args: [${JSON.stringify(name)}] }], patienceMs: 1000, onSignal: () => () => {}, tell() {} });`,
    );
    const child = spawnChild(process.execPath, [host], { stdio: 'ignore' });
    await vi.waitFor(() => access(`${name}.started`), WAITING);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await vi.waitFor(async () => expect(await left('a.ended')).toBe('SIGTERM'), WAITING);
  });
});

const WAITING = { timeout: 100_000, interval: 20 };

const left = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

/** Starts scripts as workers, each told where to leave its files; resolves once all have begun. */
async function start(
  scripts: Readonly<Record<string, string>>,
  { patienceMs = 10_000, lost }: { patienceMs?: number; lost?: Promise<string> } = {},
) {
  const workers = await Promise.all(
    Object.entries(scripts).map(async ([name, code]) => {
      const script = join(folder, `${name}.mjs`);
      await writeFile(script, `import fs from 'node:fs';${code}`);
      return { name, script, args: [join(folder, name)] };
    }),
  );
  const told: string[] = [];
  let signal: (signal: NodeJS.Signals) => void = () => undefined;
  const exitCode = runWorkers({
    workers,
    patienceMs,
    ...(lost && { lost }),
    onSignal: (listener) => {
      signal = listener;
      return () => undefined;
    },
    tell: (line) => told.push(line),
  });
  await Promise.all(workers.map(({ name }) => vi.waitFor(() => access(join(folder, `${name}.started`)), WAITING)));
  return { exitCode, told, signal: (name: NodeJS.Signals) => signal(name) };
}
