/**
 * Runs recorded cases of processors against ours:
 *
 *     node tools/conformance/processors.ts FILE.jsonl… [--floor N] [--only ID] [--quiet]
 *
 * A line is `{id, processor, config, batches, capture?, expect: {batches, nacks?, logs?, metrics?, sync_responses?, exit?, run_error?, lint_error?}}`. What reaches the output, batch by batch,
 * with metadata and flags, must be as there, and so must what is refused, though in our words. Cases that ask for processors that Sluice
 * does not have fail. Cases in `processors-differences.ts` count as neither, unless they pass: then their entry has to go. The last line is `N passed, N failed`; the exit code is 0 where at least `--floor` passed, and without it only where all did.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { normalLine, type Outcome, type ProcessorsCase } from './processors-case.ts';
import { DIFFERENCES } from './processors-differences.ts';
import { runSurrounded } from './processors-surroundings.ts';

const { values, positionals } = parseArgs({
  options: { floor: { type: 'string' }, only: { type: 'string' }, quiet: { type: 'boolean' } },
  allowPositionals: true,
});

let passed = 0;
const failed = new Map<string, number>();

for (const file of positionals) {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() !== '') await report(JSON.parse(line) as ProcessorsCase);
  }
}
const failures = [...failed.values()].reduce((sum, count) => sum + count, 0);
console.log([...failed].map(([name, count]) => `${name} ${count}`).join(', '));
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = passed >= Number(values.floor ?? passed + failures) && passed > 0 ? 0 : 1;

async function report(testCase: ProcessorsCase): Promise<void> {
  if (values.only !== undefined && !testCase.id.startsWith(values.only)) return;
  const actual = await run(testCase);
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
  failed.set(testCase.processor, (failed.get(testCase.processor) ?? 0) + 1);
  if (values.quiet) return;
  console.log(`FAIL ${testCase.id}${isEqual ? ': it differs no longer, remove it from processors-differences.ts' : ''}`);
  console.log(`  expected ${JSON.stringify(testCase.expect)}`);
  console.log(`  actual   ${JSON.stringify(actual)}`);
}

async function run(testCase: ProcessorsCase): Promise<Outcome> {
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
