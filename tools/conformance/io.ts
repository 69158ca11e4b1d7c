/**
 * Runs recorded cases of inputs, outputs and buffers against ours, each as a process of its own:
 *
 *     node tools/conformance/io.ts FILE.jsonl… [--floor N] [--only ID] [--quiet] [--parallel N]
 *
 * What a run prints, writes, requests and answers must be as recorded, and so must whether it ends and with what code; log lines are ours.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type IoCase, type IoOutcome, runIoCase } from './io-case.ts';
import { DIFFERENCES } from './io-differences.ts';
import { runSuite, SUITE_OPTIONS } from './suite.ts';

const { values, positionals } = parseArgs({
  options: { ...SUITE_OPTIONS, parallel: { type: 'string', default: '4' } },
  allowPositionals: true,
});

async function run(testCase: IoCase): Promise<readonly string[]> {
  const actual = await runIoCase(testCase);
  const wrong = differing(testCase, actual);
  const lines = wrong.flatMap((name) => [
    `${name} expected ${JSON.stringify(testCase.expect[name])}`,
    `${name} actual   ${JSON.stringify(actual[name])}`,
  ]);
  return wrong.length > 0 && actual.stderr !== '' ? [...lines, `stderr ${actual.stderr.slice(0, 500)}`] : lines;
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

await runSuite<IoCase>(
  { name: 'io', differences: DIFFERENCES, run, groupOf: ({ component }) => component, atOnce: Number(values.parallel), isTimed: true },
  positionals,
  values,
);
