/**
 * Runs cases of the language against our implementation:
 *
 *     node tools/conformance/bloblang.ts FILE.jsonl…
 *
 * A line is `{id, mode: "map" | "mut" | "interp", mapping, input, meta?, expect: {out?, meta?, parse_error?, error?, dropped?}}`.
 * Failing cases are printed with what was expected and what came; the last line is `N passed, N failed`. Cases in
 * `bloblang-differences.ts` count as neither, unless they pass: then their entry has to go.
 */
import { readFileSync } from 'node:fs';
import { type Case, matches, runCase } from './bloblang-case.ts';
import { DIFFERENCES } from './bloblang-differences.ts';

let passed = 0;
let failed = 0;

for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    report(JSON.parse(line) as Case);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function report(testCase: Case): void {
  const actual = runCase(testCase);
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
  console.log(`FAIL ${testCase.id}${isEqual ? ': it differs no longer, remove it from bloblang-differences.ts' : ''}`);
  console.log(`  expected ${JSON.stringify(testCase.expect)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}
