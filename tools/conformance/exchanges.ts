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
/** Longer than a worker takes to start on a busy machine, and than the first pauses of a parked address. */
const PATIENCE_MS = 60_000;

const exchanges = process.argv.slice(2).flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Exchange),
);
type Problems = ReadonlyMap<Exchange, string>;

const scenarios = [...Map.groupBy(exchanges, ({ scenario }) => scenario).values()];
let problems = await replay(scenarios);
const missed = scenarios.filter((recorded) => recorded.some((exchange) => problems.has(exchange)));
if (missed.length > 0) {
  // Their times were recorded on a machine at rest, which a busy one stretches.
  console.log(`again: ${missed.map((recorded) => recorded[0]!.scenario).join(', ')}`);
  problems = await replay(missed);
}
for (const [exchange, problem] of problems) console.log(`FAIL ${idOf(exchange)} (${exchange.about})\n  ${problem}`);
console.log(`${exchanges.length - problems.size} passed, ${problems.size} failed`);
process.exitCode = problems.size > 0 || exchanges.length === 0 ? 1 : 0;

/** Plays scenarios to a worker of their own, and answers what was not as recorded. */
async function replay(played: readonly (readonly Exchange[])[]): Promise<Problems> {
  const found = new Map<Exchange, string>();
  await using server = new RecordedServer();
  const url = await server.start();
  await using runtime = await startRuntime(
    url,
    played.flat().map(({ request }) => requestOf(request).target),
  );
  for (const recorded of played) {
    await play(recorded, server, runtime);
    for (const [exchange, problem] of problemsOf(recorded, server)) found.set(exchange, problem);
  }
  if (found.size > 0) for (const complaint of runtime.complaints) console.log(complaint);
  return found;
}

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

function problemsOf(recorded: readonly Exchange[], server: RecordedServer): Problems {
  const { splitsOtherwise, hasChanceOrder = false } = PLANS[recorded[0]!.scenario] ?? {};
  const actual = Map.groupBy(server.requests, addressOf);
  const problems = new Map<Exchange, string>();
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
      const problem = splitsOtherwise === undefined ? difference(exchange.request, requests[index]) : whole;
      if (problem !== undefined) problems.set(exchange, problem);
    }
    const extra = requests.length - expected.length;
    if (extra > 0) problems.set(expected.at(-1)!, `${extra} further requests`);
  }
  return problems;
}
