/**
 * Runs recorded cases of `test` with ours:
 *
 *     node tools/conformance/tests.ts FILE.jsonl… [--floor N] [--only ID] [--quiet]
 *
 * A line is `{id, files, args, env, expect: {exit, stdout, stderr}}`. Exit code and output must be as there; texts on standard error are ours.
 */
import { parseArgs } from 'node:util';
import { bothLines, runSuite, SUITE_OPTIONS } from './suite.ts';
import { matches, type TestsCase, testsCase } from './tests-case.ts';
import { DIFFERENCES } from './tests-differences.ts';

const { values, positionals } = parseArgs({ options: SUITE_OPTIONS, allowPositionals: true });

/** Each is a process. */
const AT_ONCE = 4;

async function run(testCase: TestsCase): Promise<readonly string[]> {
  const actual = await testsCase(testCase);
  return matches(testCase.expect, actual) ? [] : bothLines(JSON.stringify(testCase.expect), JSON.stringify(actual));
}

await runSuite<TestsCase>({ name: 'tests', differences: DIFFERENCES, run, atOnce: AT_ONCE }, positionals, values);
