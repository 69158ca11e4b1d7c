/**
 * Lints recorded configurations:
 *
 *     node tools/conformance/lint.ts FILE.jsonl… [--floor N] [--only ID] [--quiet] [--with labels|deprecated]
 *
 * A line is `{id, config, env, args, files, lint: [{line, text}], lintExit, lintLabels?, lintDeprecated?, run}`. The verdict must be as there, and the lines; texts are ours.
 * Cases in `lint-differences.ts` count as neither, unless they pass: then their entry has to go. The last line is
 * `N passed, N failed`; the exit code is 0 where at least `--floor` passed, and without it only where all did.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LintCase, type LintFlag, lintCase, matches, withFlag } from './lint-case.ts';
import { DIFFERENCES } from './lint-differences.ts';

const { values, positionals } = parseArgs({
  options: { floor: { type: 'string' }, only: { type: 'string' }, quiet: { type: 'boolean' }, with: { type: 'string' } },
  allowPositionals: true,
});

let passed = 0;
let failed = 0;

for (const file of positionals) {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() !== '') await report(JSON.parse(line) as LintCase, values.with as LintFlag | undefined);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed >= Number(values.floor ?? passed + failed) && passed > 0 ? 0 : 1;

async function report(recorded: LintCase, flag: LintFlag | undefined): Promise<void> {
  if (values.only !== undefined && !recorded.id.startsWith(values.only)) return;
  const testCase = flag ? withFlag(recorded, flag) : recorded;
  const actual = await lintCase(testCase, flag);
  const isEqual = matches(testCase, actual);
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
  console.log(`FAIL ${testCase.id}${isEqual ? ': it differs no longer, remove it from lint-differences.ts' : ''}`);
  console.log(`  expected ${testCase.lint.map(({ line, text }) => `${line}: ${text}`).join(' | ') || 'no problem'}`);
  console.log(`  actual   ${actual.texts.join(' | ') || 'no problem'}`);
}
