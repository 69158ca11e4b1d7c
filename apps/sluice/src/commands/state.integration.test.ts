import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const TYPE = 'com.example/greeter';
const INT = 'io.statefun.types/int';
const LINES = [
  { type: TYPE, id: 'alice', name: 'profile', typename: 'com.example/Profile', value_base64: 'eyJhZ2UiOjQyfQ==' },
  { type: TYPE, id: 'alice', name: 'seen', typename: INT, value: 3 },
  { type: TYPE, id: 'bob', name: 'seen', typename: INT, value: 0 },
  { type: 'com.example/visits', id: '', name: 'all', typename: 'io.statefun.types/string', value: 'é\n' },
].map((line) => JSON.stringify(line));
const WITH_LANES = ['-s', 'sluice.lanes=4'];

let redis: Awaited<ReturnType<typeof startRedisServer>>;
let keyPrefix: string;

beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(() => {
  keyPrefix = `test-${randomUUID()}`;
});

describe('sluice state', () => {
  it('imports what it exports, and importing it again changes nothing', async () => {
    const { code, stdout, stderr } = await sluice([...LINES, ''].join('\n'), 'state', 'import', ...WITH_LANES);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '4 values stored\n', stderr: '' });

    const first = await exported();
    expect(first).toEqual(LINES);
    await sluice(first.join('\n'), 'state', 'import');
    expect(await exported()).toEqual(LINES);
    expect(await exported(TYPE)).toEqual(LINES.slice(0, 3));
    expect((await exported(TYPE, '--base64')).at(-1)).toBe(
      JSON.stringify({ type: TYPE, id: 'bob', name: 'seen', typename: INT, value_base64: '' }),
    );
  });

  it('keeps when a value expires', async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    await imported([JSON.stringify({ ...JSON.parse(LINES[1]!), expires_at: expires })]);
    const [line] = await exported();
    expect(Math.abs(Date.parse(JSON.parse(line!).expires_at) - Date.parse(expires))).toBeLessThan(60_000);
  });

  it('reads a file, and checks it without storing anything', async () => {
    const file = join(tmpdir(), `${keyPrefix}.jsonl`);
    await writeFile(file, LINES.join('\n'));
    await expect(sluice('', 'state', 'import', '--file', file, '--dry-run')).resolves.toMatchObject({
      stdout: '4 values could be stored\n',
    });
    expect(await exported()).toEqual([]);
    expect((await readFile(file, 'utf8')).length).toBeGreaterThan(0);
    await rm(file);
  });

  it('stops at a line that is wrong', async () => {
    const { code, stdout, stderr } = await sluice([LINES[0], '{"type":"x"}', LINES[1]].join('\n'), 'state', 'import', ...WITH_LANES);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'sluice: line 2 of the import: expected a text as id (FUNCTION_STATE_LINE)\n',
    });
    expect(await exported()).toEqual([LINES[0]]);
  });

  it('asks for the configuration where nobody knows how many lanes a type has', async () => {
    const { code, stderr } = await sluice(LINES[0]!, 'state', 'import');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`found ${TYPE}; give its configuration with --config`) });
  });

  it('shows the state of an address as a table and as JSON', async () => {
    await imported(LINES);
    const { stdout } = await sluice('', 'state', 'get', TYPE, 'alice');
    expect(stdout.split('\n')).toEqual([
      'name     type                   value       expires',
      'profile  com.example/Profile    {"age":42}  never',
      'seen     io.statefun.types/int  3           never',
      '',
    ]);
    expect(JSON.parse((await sluice('', 'state', 'get', TYPE, 'alice', '--format', 'json')).stdout)).toEqual({
      ...{ type: TYPE, id: 'alice' },
      states: { profile: { typename: 'com.example/Profile', value_base64: 'eyJhZ2UiOjQyfQ==' }, seen: { typename: INT, value: 3 } },
    });
    expect((await sluice('', 'state', 'get', TYPE, 'nobody')).stdout).toBe(`no state of ${TYPE} nobody\n`);
    expect((await sluice('', 'state', 'get', 'com.example/x', 'alice')).stderr).toContain(
      `found com.example/x; its targets are ${TYPE}, com.example/visits`,
    );
  });

  it('lists who has state', async () => {
    await imported(LINES);
    const { addresses, complete } = JSON.parse((await sluice('', 'state', 'list', TYPE, '--format', 'json')).stdout);
    expect(complete).toBe(true);
    expect(addresses).toHaveLength(2);
    expect(addresses).toEqual(
      expect.arrayContaining([
        { id: 'alice', names: ['profile', 'seen'], bytes: 15 },
        { id: 'bob', names: ['seen'], bytes: 0 },
      ]),
    );
    expect((await sluice('', 'state', 'list', TYPE, '--limit', '1')).stdout).toMatch(/\nand more: raise --limit\n$/);
  });

  it('sets and deletes values', async () => {
    await imported(LINES);
    await sluice('', 'state', 'set', TYPE, 'bob', 'seen', '7');
    await sluice('', 'state', 'set', TYPE, 'bob', 'note', 'hi', '--typename', 'com.example/Note');
    expect((await exported(TYPE)).slice(2).map((line) => JSON.parse(line))).toEqual([
      { type: TYPE, id: 'bob', name: 'note', typename: 'com.example/Note', value_base64: 'aGk=' },
      { type: TYPE, id: 'bob', name: 'seen', typename: INT, value: 7 },
    ]);
    const refusals = await Promise.all([
      sluice('', 'state', 'set', TYPE, 'bob', 'new', '7'),
      sluice('', 'state', 'set', TYPE, 'bob', 'seen', 'seven'),
      sluice('', 'state', 'delete', TYPE, 'bob', 'seen'),
      sluice('', 'state', 'delete', TYPE, 'bob', '--yes'),
    ]);
    expect(refusals.map(({ code, stderr }) => [code, /\((\w+)\)\n$/.exec(stderr)?.[1]])).toEqual([
      [2, 'OPERATOR_INPUT_INVALID'],
      [2, 'OPERATOR_INPUT_INVALID'],
      [1, 'NOT_CONFIRMED'],
      [2, 'OPERATOR_INPUT_INVALID'],
    ]);
    expect((await sluice('', 'state', 'delete', TYPE, 'bob', 'seen', 'other', '--yes')).stdout).toBe('1 value deleted\n');
    expect((await sluice('', 'state', 'delete', TYPE, 'bob', '--all', '--yes')).stdout).toBe('1 value deleted\n');
    expect(await exported(TYPE)).toEqual(LINES.slice(0, 2));
  });
});

const sluice = (input: string, ...args: string[]) =>
  runSluice(args, { input, env: { SLUICE_REDIS_URL: redis.url, SLUICE_REDIS_PREFIX: keyPrefix } });

const imported = (lines: readonly string[]) => sluice(lines.join('\n'), 'state', 'import', ...WITH_LANES);

/** Lines sorted, since addresses come in no order. */
async function exported(...args: string[]): Promise<string[]> {
  const { stdout } = await sluice('', 'state', 'export', ...args);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}
