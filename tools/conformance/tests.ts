/**
 * Runs recorded cases of `test` with ours:
 *
 *     node tools/conformance/tests.ts FILE.jsonl… [--floor N] [--only ID] [--quiet]
 *
 * A line is `{id, files, args, env, expect: {exit, stdout, stderr}}`. Exit code and output must be as there; texts on standard error are ours.
 * Cases in `tests-differences.ts` count as neither, unless they pass: then their entry has to go. The last line is
 * `N passed, N failed`; the exit code is 0 where at least `--floor` passed, and without it only where all did.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { matches, type TestsCase, testsCase } from './tests-case.ts';
import { DIFFERENCES } from './tests-differences.ts';

const { values, positionals } = parseArgs({
  options: { floor: { type: 'string' }, only: { type: 'string' }, quiet: { type: 'boolean' } },
  allowPositionals: true,
});

/** Each is a process. */
const AT_A_TIME = 4;

let passed = 0;
let failed = 0;

for (const file of positionals) {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (let at = 0; at < lines.length; at += AT_A_TIME)
    await Promise.all(lines.slice(at, at + AT_A_TIME).map((line) => report(JSON.parse(line) as TestsCase)));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed >= Number(values.floor ?? passed + failed) && passed > 0 ? 0 : 1;

async function report(testCase: TestsCase): Promise<void> {
  if (values.only !== undefined && !testCase.id.startsWith(values.only)) return;
  const actual = await testsCase(testCase);
  const isEqual = matches(testCase.expect, actual);
  const difference = DIFFERENCES.get(testCase.id);
  if (difference !== undefined && !isEqual) {
    console.log(`DIFFERS ${testCase.id}: ${difference}`);
    return;
  }
  if (isEqual && difference === undefined) {
    passed++;
    return;
  }
  failed++;
  if (values.quiet) return;
  console.log(`FAIL ${testCase.id}${isEqual ? ': it differs no longer, remove it from tests-differences.ts' : ''}`);
  console.log(`  expected ${JSON.stringify(testCase.expect)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}
