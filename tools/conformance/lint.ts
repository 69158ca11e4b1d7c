/**
 * Lints recorded configurations:
 *
 *     node tools/conformance/lint.ts FILE.jsonl… [--floor N] [--only ID] [--quiet] [--with labels|deprecated]
 *
 * A line is `{id, config, env, args, files, lint: [{line, text}], lintExit, lintLabels?, lintDeprecated?, run}`. The verdict must be as there, and the lines; texts are ours.
 */
import { parseArgs } from 'node:util';
import { type LintCase, type LintFlag, lintCase, matches, withFlag } from './lint-case.ts';
import { DIFFERENCES } from './lint-differences.ts';
import { bothLines, runSuite, SUITE_OPTIONS } from './suite.ts';

const { values, positionals } = parseArgs({ options: { ...SUITE_OPTIONS, with: { type: 'string' } }, allowPositionals: true });
const flag = values.with as LintFlag | undefined;

async function run(recorded: LintCase): Promise<readonly string[]> {
  const testCase = flag ? withFlag(recorded, flag) : recorded;
  const actual = await lintCase(testCase, flag);
  if (matches(testCase, actual)) return [];
  const expected = testCase.lint.map(({ line, text }) => `${line}: ${text}`).join(' | ');
  return bothLines(expected || 'no problem', actual.texts.join(' | ') || 'no problem');
}

// What differs without a flag may well be equal with one.
await runSuite<LintCase>({ name: 'lint', differences: DIFFERENCES, mayBeEqual: flag !== undefined, run }, positionals, values);
