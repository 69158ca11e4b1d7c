/**
 * Replays recorded exchanges between the original runtime and a function server:
 *
 *     node tools/conformance/exchanges.ts FILE.jsonl…
 *
 * A line is `{scenario, about, n, request, response}`. Given the messages of a scenario and the recorded answers, a function-worker must send
 * the recorded requests: method, URL, headers, target, states as a set, messages. Order counts for each address. What the exchanges do not
 * tell, such as pauses, is in `exchanges-plan.ts`. The last line is `N passed, N failed`.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { addressOf, difference, differenceOfAll, type Exchange, hasResult, idOf, messagesOf, requestOf } from './exchanges-case.ts';
import { PLANS } from './exchanges-plan.ts';
import { type Runtime, startRuntime } from './exchanges-runtime.ts';
import { RecordedServer } from './exchanges-server.ts';

/** What an answer causes has a moment to happen. */
const MOMENT_MS = 30;
/** How long an answer takes where messages come meanwhile. */
const OPEN_MS = 300;
/** Longer than the first pauses of a parked address. */
const PATIENCE_MS = 12_000;

const exchanges = process.argv.slice(2).flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Exchange),
);
const scenarios = Map.groupBy(exchanges, ({ scenario }) => scenario);
let passed = 0;
let failed = 0;

{
  await using server = new RecordedServer();
  const url = await server.start();
  await using runtime = await startRuntime(
    url,
    exchanges.map(({ request }) => requestOf(request).target),
  );
  for (const [scenario, recorded] of scenarios) {
    await play(recorded, server, runtime);
    report(scenario, recorded, server);
  }
  if (failed > 0) console.log(runtime.complaints.join('\n'));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Sends the messages that came from outside, each when it came then, while the server answers as it did. */
async function play(recorded: readonly Exchange[], server: RecordedServer, runtime: Runtime): Promise<void> {
  const { whileOpen = [], pauses = {} } = PLANS[recorded[0]!.scenario] ?? {};
  server.play(recorded, whileOpen.length > 0 ? OPEN_MS : 0);
  for (const [index, exchange] of recorded.entries()) {
    const messages = messagesOf(exchange.request).filter(({ isFromFunction }) => !isFromFunction);
    if (messages.length === 0 || isRepeated(exchange, recorded.slice(0, index))) continue;
    if (whileOpen.includes(exchange.n)) await server.until(() => server.arrived.has(recorded[whileOpen[0]! - 1]!), PATIENCE_MS);
    else {
      await server.until(() => recorded.slice(0, index).every((before) => server.answered.has(before)), PATIENCE_MS);
      await setTimeout(MOMENT_MS + (pauses[exchange.n] ?? 0));
    }
    const { target } = requestOf(exchange.request);
    await runtime.send(
      target,
      messages.map(({ bytes }) => bytes),
    );
  }
  await server.until(() => recorded.every((exchange) => server.answered.has(exchange)), PATIENCE_MS);
  await setTimeout(MOMENT_MS);
}

/** Whether it is another attempt with the messages of the one before, which had no result. */
function isRepeated({ request }: Exchange, before: readonly Exchange[]): boolean {
  const last = before.findLast((exchange) => addressOf(exchange.request) === addressOf(request));
  return last !== undefined && !hasResult(last) && isDeepStrictEqual(messagesOf(last.request), messagesOf(request));
}

function report(scenario: string, recorded: readonly Exchange[], server: RecordedServer): void {
  const { splitsOtherwise, hasChanceOrder = false } = PLANS[scenario] ?? {};
  const actual = Map.groupBy(server.requests, addressOf);
  for (const [address, expected] of Map.groupBy(recorded, ({ request }) => addressOf(request))) {
    const requests = actual.get(address) ?? [];
    const whole =
      splitsOtherwise &&
      differenceOfAll(
        expected.map(({ request }) => request),
        requests,
        !(hasChanceOrder && expected.some(({ request }) => messagesOf(request).some(({ isFromFunction }) => isFromFunction))),
      );
    for (const [index, exchange] of expected.entries()) {
      count(exchange, splitsOtherwise === undefined ? difference(exchange.request, requests[index]) : whole);
    }
    const extra = requests.length - expected.length;
    if (extra > 0) count(expected.at(-1)!, `${extra} further requests`);
  }
}

function count(exchange: Exchange, problem: string | undefined): void {
  if (problem === undefined) passed++;
  else {
    failed++;
    console.log(`FAIL ${idOf(exchange)} (${exchange.about})\n  ${problem}`);
  }
}
