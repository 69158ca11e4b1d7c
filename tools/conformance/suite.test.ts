import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runSuite, type Suite, type SuiteFlags } from './suite.ts';

interface Case {
  readonly id: string;
  readonly wrong: readonly string[];
}

const printed: string[] = [];
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line)));
afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
  process.exitCode = 0;
});

const CASES: readonly Case[] = [
  { id: 'ok', wrong: [] },
  { id: 'bad', wrong: ['expected 1', 'actual   2'] },
  { id: 'known', wrong: ['x'] },
  { id: 'stale', wrong: [] },
];

it('counts what passes, fails and differs, and says what', async () => {
  expect(await run({})).toEqual([
    ...['FAIL bad', '  expected 1', '  actual   2', 'DIFFERS known: why'],
    ...['FAIL stale: it differs no longer, remove it from x-differences.ts', '1 passed, 2 failed'],
  ]);
  expect(process.exitCode).toBe(1);
});

it.each([
  [{ floor: '1', quiet: true }, 0],
  [{ floor: '2', quiet: true }, 1],
  [{ only: 'ok' }, 0],
  [{ only: 'nothing' }, 1],
])('ends with a code that floor and filter decide: %j', async (flags, code) => {
  await run(flags);
  expect(process.exitCode).toBe(code);
});

it('counts failures by their group', async () => {
  expect((await run({ quiet: true }, (testCase) => testCase.id.slice(0, 1))).slice(-2)).toEqual(['b 1, s 1', '1 passed, 2 failed']);
});

it('runs what is about times once more, by itself', async () => {
  const seen: string[] = [];
  const wrongAtFirst = ({ id, wrong }: Case) => {
    seen.push(id);
    return id === 'ok' && seen.length === 1 ? ['late'] : wrong;
  };
  expect(await run({ quiet: true }, undefined, { run: wrongAtFirst, isTimed: true })).toEqual([
    ...['DIFFERS known: why', 'AGAIN ok', 'AGAIN bad', '1 passed, 2 failed'],
  ]);
  expect(seen).toEqual(['ok', 'bad', 'known', 'stale', 'ok', 'bad']);
});

async function run(flags: SuiteFlags, groupOf?: (testCase: Case) => string, more?: Partial<Suite<Case>>): Promise<readonly string[]> {
  const file = join(mkdtempSync(join(tmpdir(), 'suite-')), 'cases.jsonl');
  writeFileSync(file, CASES.map((one) => `${JSON.stringify(one)}\n`).join('\n'));
  const differences = new Map([
    ['known', 'why'],
    ['stale', 'why'],
  ]);
  const suite: Suite<Case> = { name: 'x', differences, run: ({ wrong }) => wrong, atOnce: 1, ...(groupOf && { groupOf }), ...more };
  await runSuite(suite, [file], flags);
  return printed;
}
