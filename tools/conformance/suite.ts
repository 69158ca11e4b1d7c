/**
 * The frame of the suites that have differences: reads cases, a line each, runs them, counts and reports. A case that is listed as a
 * difference counts as neither passed nor failed, unless it passes: then its entry has to go. The last line is `N passed, N failed`; the exit
 * code is 0 where at least `--floor` passed, and without it only where all did. `--only` takes the beginning of an id, `--quiet` leaves out
 * what failed.
 */
import { readFileSync } from 'node:fs';

export interface Suite<Case> {
  /** Its list of differences is `NAME-differences.ts`. */
  readonly name: string;
  readonly differences: ReadonlyMap<string, string>;
  /** A case among the differences may be as recorded. @default false */
  readonly mayBeEqual?: boolean;
  /** What is not as recorded, in lines to print; nothing where all is. */
  run(testCase: Case): Promise<readonly string[]> | readonly string[];
  /** Failures are counted by it too. @default they are not */
  groupOf?(testCase: Case): string;
  /** @default one after the other */
  readonly atOnce?: number;
  /** Cases are about times, which a busy machine stretches: what is not as recorded runs once more, by itself. @default false */
  readonly isTimed?: boolean;
}

export interface SuiteFlags {
  readonly floor?: string | undefined;
  readonly only?: string | undefined;
  readonly quiet?: boolean | undefined;
}

export const SUITE_OPTIONS = { floor: { type: 'string' }, only: { type: 'string' }, quiet: { type: 'boolean' } } as const;

/** Runs the cases of `files`, prints, and sets the exit code. */
export async function runSuite<Case extends { readonly id: string }>(
  suite: Suite<Case>,
  files: readonly string[],
  { floor, only = '', quiet = false }: SuiteFlags = {},
): Promise<void> {
  const queue = files.flatMap((file) => casesIn<Case>(file)).filter(({ id }) => id.startsWith(only));
  const failures = new Map<string, number>();
  let passed = 0;
  const report = (testCase: Case, wrong: readonly string[]): void => {
    const difference = suite.differences.get(testCase.id);
    const isEqual = wrong.length === 0;
    if (difference !== undefined && !isEqual) {
      console.log(`DIFFERS ${testCase.id}: ${difference}`);
      return;
    }
    if (isEqual && (difference === undefined || suite.mayBeEqual)) {
      passed++;
      return;
    }
    const group = suite.groupOf?.(testCase) ?? '';
    failures.set(group, (failures.get(group) ?? 0) + 1);
    if (quiet) return;
    console.log(`FAIL ${testCase.id}${isEqual ? `: it differs no longer, remove it from ${suite.name}-differences.ts` : ''}`);
    for (const line of wrong) console.log(`  ${line}`);
  };
  const again: Case[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const wrong = await suite.run(next);
      if (wrong.length > 0 && suite.isTimed && !suite.differences.has(next.id)) again.push(next);
      else report(next, wrong);
    }
  };
  await Promise.all(Array.from({ length: suite.atOnce ?? 1 }, worker));
  for (const testCase of again) {
    console.log(`AGAIN ${testCase.id}`);
    report(testCase, await suite.run(testCase));
  }
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  if (suite.groupOf) console.log([...failures].map(([name, count]) => `${name} ${count}`).join(', '));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = passed >= Number(floor ?? passed + failed) && passed > 0 ? 0 : 1;
}

/** The two lines of a case that is compared as a whole. */
export const bothLines = (expected: string, actual: string): readonly string[] => [`expected ${expected}`, `actual   ${actual}`];

const casesIn = <Case>(file: string): Case[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Case);
