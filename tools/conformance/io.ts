/**
 * Runs recorded cases of inputs, outputs and buffers against ours, each as a process of its own:
 *
 *     node tools/conformance/io.ts FILE.jsonl… [--floor N] [--only ID] [--quiet] [--parallel N]
 *
 * What a run prints, writes, requests and answers must be as recorded, and so must whether it ends and with what code; log lines are ours.
 * Cases in `io-differences.ts` count as neither, unless they pass: then their entry has to go. The last line is `N passed, N failed`; the
 * exit code is 0 where at least `--floor` passed, and without it only where all did.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type IoCase, type IoOutcome, runIoCase } from './io-case.ts';
import { DIFFERENCES } from './io-differences.ts';

const { values, positionals } = parseArgs({
  options: { floor: { type: 'string' }, only: { type: 'string' }, quiet: { type: 'boolean' }, parallel: { type: 'string', default: '4' } },
  allowPositionals: true,
});

const cases = positionals
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as IoCase)
  .filter(({ id }) => values.only === undefined || id.startsWith(values.only));

let passed = 0;
const failed = new Map<string, number>();
const queue = [...cases];
await Promise.all(
  Array.from({ length: Number(values.parallel) }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) report(next, await runIoCase(next));
  }),
);
const failures = [...failed.values()].reduce((sum, count) => sum + count, 0);
console.log([...failed].map(([name, count]) => `${name} ${count}`).join(', '));
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = passed >= Number(values.floor ?? passed + failures) && passed > 0 ? 0 : 1;

function report(testCase: IoCase, actual: IoOutcome & { readonly stderr: string }): void {
  const wrong = differing(testCase, actual);
  const difference = DIFFERENCES.get(testCase.id);
  if (difference !== undefined && wrong.length > 0) {
    console.log(`DIFFERS ${testCase.id}: ${difference}`);
    return;
  }
  if (wrong.length === 0 && difference === undefined) {
    passed++;
    return;
  }
  failed.set(testCase.component, (failed.get(testCase.component) ?? 0) + 1);
  if (values.quiet) return;
  console.log(`FAIL ${testCase.id}${wrong.length === 0 ? ': it differs no longer, remove it from io-differences.ts' : ''}`);
  for (const name of wrong) {
    console.log(`  ${name} expected ${JSON.stringify(testCase.expect[name])}`);
    console.log(`  ${name} actual   ${JSON.stringify(actual[name])}`);
  }
  if (actual.stderr !== '') console.log(`  stderr ${actual.stderr.slice(0, 500)}`);
}

/** What is not as recorded. Which messages got out before a signal is chance where a case says so. */
function differing({ expect, expect2, approx }: IoCase, actual: IoOutcome): ('exit' | 'stdout' | 'files' | 'requests' | 'responses')[] {
  const isSame = (name: 'exit' | 'stdout' | 'files' | 'requests' | 'responses'): boolean =>
    [expect, ...(expect2 ? [expect2] : [])].some((one) =>
      isDeepStrictEqual(name === 'requests' ? requestsOf(one) : one[name], actual[name]),
    );
  // Which messages got out, or where, is chance; what a log holds is ours.
  const isLoose = approx !== undefined && approx !== 'log';
  return (['exit', 'stdout', 'files', 'requests', 'responses'] as const).filter(
    (name) => (expect[name] !== undefined || name === 'requests') && !(isLoose && (name === 'stdout' || name === 'files')) && !isSame(name),
  );
}

/** Requests without the headers that name the client. */
function requestsOf({ requests }: IoOutcome): unknown {
  return requests?.map(({ headers: { 'User-Agent': _, 'Accept-Encoding': __, ...headers }, ...request }) => ({ ...request, headers }));
}
