import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { recordLanes } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { programFile, type RedisServer, runNode, spawnChild, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const START = programFile('sluice');
let redis: RedisServer;
let folder: string;

beforeAll(async () => {
  redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  await recordLanes(session, { target: 'com.example/orders', lanes: 2 });
  await recordLanes(session, { target: 'output/shipments', lanes: 2 });
  folder = await mkdtemp(join(tmpdir(), 'completion-'));
  await writeFile(join(folder, 'pipeline.yaml'), '');
  await writeFile(join(folder, 'sluice'), `#!/bin/sh\nexec '${process.execPath}' '${START}' "$@"\n`, { mode: 0o755 });
});
afterAll(() => redis[Symbol.asyncDispose]());

const CASES: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ['sluice dead', ['dead-letters']],
  ['sluice dead-letters re', ['redrive', 'remove']],
  ['sluice dead-letters list --off', ['--offset']],
  ['sluice egress-worker --operations', ['--operations-port']],
  ['sluice lint pipe', ['pipeline.yaml']],
  ['sluice lanes --config pipe', ['pipeline.yaml']],
  ['sluice lanes -t com', ['com.example/orders']],
  ['sluice pause out', ['output/shipments']],
  ['sluice lanes --format js', ['json']],
  ['sluice completion ', ['bash', 'fish', 'names', 'zsh']],
  ['sluice lanes --redis-url ', []],
];

// Names are not waited for, so a busy machine may need another try.
describe('bash', () => {
  it.each(CASES)('completes %s', async (line, expected) => {
    const script = `source <(sluice completion bash)\n${callOf(line)}`;
    await expect.poll(async () => lines(await run('bash', ['--norc', '-c', script]))).toEqual(expected);
  });
});

describe.skipIf(!(await isThere('fish')))('fish', () => {
  it.each(CASES.filter(([line]) => !line.includes('pipe')))('completes %s', async (line, expected) => {
    const script = `sluice completion fish | source; complete --do-complete '${line}'`;
    const offered = async () => lines(await run('fish', ['--no-config', '-c', script])).map((each) => each.split('\t')[0]!);
    await expect.poll(offered).toEqual(expect.arrayContaining([...expected]));
  });
});

describe.skipIf(!(await isThere('zsh')))('zsh', () => {
  // As its bashcompinit calls such a function.
  it.each(CASES)('completes %s', async (line, expected) => {
    const script = `source <(sluice completion zsh)
      emulate sh; setopt kshglob noshglob braceexpand
      ${callOf(line)}`;
    // zsh itself chooses those that begin as the word does.
    await expect.poll(async () => lines(await run('zsh', ['-f', '-c', script]))).toEqual(expect.arrayContaining([...expected]));
  });
});

describe('sluice completion names', () => {
  it('says nothing where Redis does not answer at once, and does not fail', async () => {
    const env = { SLUICE_REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await runNode([START, 'completion', 'names', 'target'], { env })).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

const callOf = (line: string): string => `
  COMP_WORDS=(${line
    .split(' ')
    .map((word) => `'${word}'`)
    .join(' ')})
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _sluice
  printf '%s\\n' "\${COMPREPLY[@]}"`;

const lines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();

async function isThere(shell: string): Promise<boolean> {
  const found = await new Promise<boolean>((resolve) =>
    spawnChild(shell, ['--version'], { stdio: 'ignore' })
      .once('error', () => resolve(false))
      .once('close', (code) => resolve(code === 0)),
  );
  if (!found) process.stderr.write(`completion: not tried with ${shell}, which is not there\n`);
  return found;
}

async function run(shell: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, SLUICE_REDIS_URL: redis.url };
  const child = spawnChild(shell, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await new Promise((resolve) => child.once('close', resolve));
  return output || errors;
}
