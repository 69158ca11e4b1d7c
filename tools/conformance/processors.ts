/**
 * Runs recorded cases of processors against ours:
 *
 *     node tools/conformance/processors.ts FILE.jsonl… [--floor N] [--only ID] [--quiet]
 *
 * A line is `{id, processor, config, batches, capture?, expect: {batches, nacks?, logs?, metrics?, sync_responses?, exit?, run_error?, lint_error?}}`. What reaches the output, batch by batch,
 * with metadata and flags, must be as there, and so must what is refused, though in our words. Cases that ask for processors that Sluice
 * does not have fail.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { normalLine, type Outcome, type ProcessorsCase } from './processors-case.ts';
import { DIFFERENCES } from './processors-differences.ts';
import { runSurrounded } from './processors-surroundings.ts';
import { bothLines, runSuite, SUITE_OPTIONS } from './suite.ts';

const { values, positionals } = parseArgs({ options: SUITE_OPTIONS, allowPositionals: true });

async function run(testCase: ProcessorsCase): Promise<readonly string[]> {
  const actual = await outcomeOf(testCase);
  return matches(testCase.expect, actual) ? [] : bothLines(JSON.stringify(testCase.expect), JSON.stringify(actual));
}

async function outcomeOf(testCase: ProcessorsCase): Promise<Outcome> {
  try {
    return await runSurrounded(testCase);
  } catch (error) {
    return { batches: [], unsupported: String(error) };
  }
}

/** Failures of processors, which the original logs twice, are events of ours, not lines: they are left out. */
function sameLogs({ logs: expected }: Outcome, { logs: actual }: Outcome): boolean {
  if (!expected || !actual) return true;
  const failures = new Set(expected.flatMap((line) => /^DEBUG Processor failed: (.*)$/s.exec(line)?.[1] ?? []));
  const lines = expected.filter((line) => !failures.has(line.replace(/^(DEBUG Processor failed:|ERROR) /, '')));
  return isDeepStrictEqual(lines.map(normalLine), actual);
}

/** The original's own metrics are left out of the cases, and so are those that nothing changed. */
function sameMetrics({ metrics: expected = [] }: Outcome, { metrics: actual }: Outcome): boolean {
  return actual === undefined || isDeepStrictEqual(expected, actual);
}

function matches(expected: ProcessorsCase['expect'], actual: Outcome): boolean {
  if (actual.unsupported !== undefined) return /unable to infer component type/.test(expected.lint_error ?? '');
  const isRefused = expected.run_error !== undefined || expected.lint_error !== undefined;
  if (isRefused || actual.refused !== undefined) return isRefused && actual.refused !== undefined;
  return (
    isDeepStrictEqual(
      (expected.batches ?? []).filter(({ length }) => length > 0),
      actual.batches,
    ) &&
    isDeepStrictEqual(expected.nacks, actual.nacks) &&
    isDeepStrictEqual(expected.sync_responses, actual.sync_responses) &&
    isDeepStrictEqual(expected.requests, actual.requests) &&
    expected.exit === actual.exit &&
    sameMetrics(expected, actual) &&
    sameLogs(expected, actual)
  );
}

await runSuite<ProcessorsCase>(
  { name: 'processors', differences: DIFFERENCES, run, groupOf: ({ processor }) => processor },
  positionals,
  values,
);
