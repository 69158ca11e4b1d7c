import { loadTests, type Problem } from '@sluice/config';
import { TestSetUpError } from './errors.ts';
import { findTargets } from './find-targets.ts';
import { runTest, type TestOptions } from './run-test.ts';

export interface TestRun {
  /** How many configurations had tests. */
  readonly targets: number;
  /** What failed, a text for each configuration. */
  readonly failures: readonly string[];
}

export interface TestReport extends TestOptions {
  /** Each test is named, too. */
  readonly isVerbose: boolean;
  readonly write: (line: string) => void;
}

/** Runs the tests of all files, and writes a line for each configuration that has some. */
export async function testFiles(paths: readonly string[], report: TestReport): Promise<TestRun> {
  const failures: string[] = [];
  let targets = 0;
  for (const target of await findTargets(paths)) {
    const { value: tests, problems } = await loadTests(target.tests, report.env);
    const { lints, error } = sorted(problems);
    if (error) throw new TestSetUpError(target.tests, `(${error.line},${error.column}) ${error.message}`);
    if (tests.length === 0 && lints.length === 0) continue;
    targets++;
    const failed = lints.map(({ line, column, message }) => `Lint: (${line},${column}) ${message}`);
    if (failed.length === 0)
      for (const test of tests) {
        if (report.isVerbose) report.write(`  - ${test.name}`);
        const reasons = await runTest(test, target, report);
        if (reasons.length > 0) failed.push(`${test.name} [line ${test.position.line}]:\n${reasons.join('\n')}`);
      }
    report.write(`Test '${target.config}' ${failed.length > 0 ? 'failed' : 'succeeded'}`);
    if (failed.length > 0) failures.push(`--- ${target.config} ---\n\n${failed.join('\n\n')}\n`);
  }
  return { targets, failures };
}

/** What Benthos calls a lint fails the tests; anything else stops them. */
function sorted(problems: readonly Problem[]): { lints: readonly Problem[]; error: Problem | undefined } {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return { lints: errors.filter(({ code }) => code === 'field.unknown'), error: errors.find(({ code }) => code !== 'field.unknown') };
}
