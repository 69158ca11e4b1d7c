/**
 * Runs cases of the language against our implementation:
 *
 *     node tools/conformance/bloblang.ts FILE.jsonl…
 *
 * A line is `{id, mode: "map" | "mut" | "interp", mapping, input, meta?, expect: {out?, meta?, parse_error?, error?, dropped?}}`.
 */
import { type Case, matches, runCase } from './bloblang-case.ts';
import { DIFFERENCES } from './bloblang-differences.ts';
import { bothLines, runSuite } from './suite.ts';

const run = (testCase: Case): readonly string[] => {
  const actual = runCase(testCase);
  return matches(testCase.expect, actual) ? [] : bothLines(JSON.stringify(testCase.expect), JSON.stringify(actual));
};

await runSuite<Case>({ name: 'bloblang', differences: DIFFERENCES, run }, process.argv.slice(2));
