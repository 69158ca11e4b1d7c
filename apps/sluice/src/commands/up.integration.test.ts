import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnChild } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runSluice, UP_MAIN } from '../testing/run-sluice.ts';

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-up-command-'));
  env = { XDG_STATE_HOME: folder };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('sluice up', () => {
  it('feeds the lines of a file under a key of their own and finds all of them in order', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => JSON.stringify({ id: index % 7, index }));
    await writeFile(join(folder, 'lines.jsonl'), [...lines, 'not JSON'].join('\n'));

    const { code, stdout } = await runSluice(
      ['up', '--file', join(folder, 'lines.jsonl'), '--key', 'id', '--exit', '--shards', '2', '--board-port', '0'],
      // All of it from the sources, as `npm start` does in a checkout.
      { env: { ...env, PROGRAMS_UNDER_TEST: undefined } },
    );

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Every record arrived in the order of its key') });
    expect(stdout).toMatch(/records in +301\n/);
    expect(stdout).toMatch(/lost +0\n/);
  });

  it('is found by the commands in other terminals, and checks what came out at Ctrl-C', async () => {
    const running = startUp(['--rate', '200', '--shards', '1', '--board-port', '0']);
    await running.untilSays(/[1-9]\d* arrived/);

    const lanes = JSON.parse((await runSluice(['lanes', '--format', 'json'], { env })).stdout);
    running.child.kill('SIGINT');
    const code = await running.exited;

    expect(lanes.targets.map(({ target }: { target: string }) => target)).toEqual(['output/departures']);
    expect({ code, text: running.text() }).toEqual({
      code: 0,
      text: expect.stringContaining('Every record arrived in the order of its key'),
    });
    expect(existsSync(running.folder())).toBe(false);
  });

  it('ends at once at a second Ctrl-C, and leaves neither folder nor process behind', async () => {
    const running = startUp(['--shards', '1', '--board-port', '0']);
    await running.untilSays(/[1-9]\d* under way/);
    const endpoint = /^kinesis +(\S+)/m.exec(running.text())![1]!;
    // So that it is not done before the second one.
    await fetch(`${endpoint}/__sluice/faults`, { method: 'POST', body: JSON.stringify({ GetRecords: { errorRate: 1 } }) });
    running.child.kill('SIGINT');
    await running.untilSays(/Stopping/);
    running.child.kill('SIGINT');

    expect(await running.exited).toBe(130);
    expect(existsSync(running.folder())).toBe(false);
    await vi.waitFor(() => expect(fetch(`${endpoint}/ping`)).rejects.toThrow(), { timeout: 100_000 });
  });

  it.each([
    [['--key', 'id'], '--key names a field of the lines of a file'],
    [['--file', '/nothere.jsonl'], '--file /nothere.jsonl: expected a file that can be read'],
  ])('starts nothing for %j', async (flags, message) => {
    const { code, stdout, stderr } = await runSluice(['up', ...flags], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

function startUp(flags: readonly string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SLUICE_|REDIS_URL|NODE_OPTIONS|FORCE_COLOR)/.test(name));
  const child = spawnChild(process.execPath, [UP_MAIN, 'up', ...flags], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  let text = '';
  const heard = new Set<() => void>();
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const listener of [...heard]) listener();
  });
  return {
    child,
    exited,
    text: () => text,
    folder: () => /^logs +(\S+)\/logs$/m.exec(text)![1]!,
    async untilSays(pattern: RegExp) {
      const said = Promise.withResolvers<void>();
      const look = () => {
        if (pattern.test(text)) said.resolve();
      };
      heard.add(look);
      look();
      const ended = exited.then((code) => {
        throw new Error(`sluice up exited with ${code} and never said ${pattern}: ${text}`);
      });
      await Promise.race([said.promise, ended]).finally(() => heard.delete(look));
    },
  };
}
