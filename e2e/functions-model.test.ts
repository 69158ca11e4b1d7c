/**
 * A random program of commands for functions, with a model of what must come of it, while function-workers, function servers and Redis are
 * killed. `SLUICE_FUNCTIONS_CELLS` and `SLUICE_FUNCTIONS_COMMANDS` make it larger; the whole is 1,000 and 100,000.
 */
import { sleep, systemClock } from '@sluice/core';
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { type Ledger, readLong } from './functions-model/cell.ts';
import { CELL, COMMAND, type Command, NAMESPACE, TWIN, type Written } from './functions-model/commands.ts';
import { FunctionServer } from './functions-model/function-server.ts';
import { compareOutcome, type Outcome } from './functions-model/outcome.ts';
import { Program } from './functions-model/program.ts';
import { FunctionsStage, STREAM_IN } from './functions-model/stage.ts';

const CELLS = Number(process.env['SLUICE_FUNCTIONS_CELLS'] ?? 100);
const COMMANDS = Number(process.env['SLUICE_FUNCTIONS_COMMANDS'] ?? 3_000);
const COMMANDS_A_REQUEST = 100;
/** How often each process is killed. */
const KILLS = Math.max(3, Math.round(COMMANDS / 3_000));
const WITHIN_MS = 240_000 + COMMANDS * 20;

it('does everything exactly once while workers, function servers and Redis are killed', { timeout: 2 * WITHIN_MS }, async () => {
  const random = randomFor('functions');
  await using stack = new AsyncDisposableStack();
  const servers = [
    stack.use(await FunctionServer.start('server.main.ts')),
    stack.use(await FunctionServer.start('server.main.ts')),
  ] as const;
  const stage = stack.use(await FunctionsStage.start(moduleFor(servers[0].url, servers[1].url)));
  const program = new Program(random, CELLS);
  const feed = (commands: readonly { id: string; command: Command }[]) =>
    stage.feed(commands.map(({ id, command }) => ({ partitionKey: id, data: Buffer.from(JSON.stringify(command)) })));
  const killing = Promise.all([
    ...stage.functionWorkers.map((worker) =>
      again(random, 3_000, async () => {
        await worker.kill();
        worker.start();
        await worker.ready();
      }),
    ),
    ...servers.map((server) => again(random, 2_000, () => server.crash())),
    again(random, 4_000, async () => {
      await stage.redis.crash(0);
      await stage.redis.rewritten();
    }),
  ]);

  while (program.count < COMMANDS) {
    await feed(program.next(Math.min(COMMANDS_A_REQUEST, COMMANDS - program.count)));
    await sleep(systemClock, 30);
  }
  await killing;
  await feed(program.end());
  // What has failed often waits for minutes, unless somebody steps in.
  const operator = new Repeated(2_000, () => stage.retryParked());
  await stage.settled(WITHIN_MS);
  await operator.stop();

  expect(compareOutcome(program, await outcomeOf(stage))).toEqual([]);
  const figures = await Promise.all(servers.map((server) => server.figures()));
  process.stdout.write(`functions: ${CELLS} cells, ${program.count} commands, ${KILLS} kills each; ${JSON.stringify(figures)}\n`);
  // What waited for one request left in the next one together.
  expect(figures[0]!.largestBatch).toBeGreaterThan(1);
});

/** Does something now and then, whatever comes of it. */
class Repeated {
  #isStopped = false;
  readonly #running: Promise<void>;

  constructor(everyMs: number, what: () => Promise<unknown>) {
    this.#running = this.#run(everyMs, what);
  }

  async #run(everyMs: number, what: () => Promise<unknown>): Promise<void> {
    while (!this.#isStopped) {
      await sleep(systemClock, everyMs);
      await what().catch(() => undefined);
    }
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#running;
  }
}

async function again(random: SeededRandom, mostMs: number, kill: () => Promise<unknown>): Promise<void> {
  for (let kills = 0; kills < KILLS; kills++) {
    await sleep(systemClock, random.between(300, mostMs));
    await kill();
  }
}

async function outcomeOf(stage: FunctionsStage): Promise<Outcome> {
  const state = await stage.state();
  const ledgers = state.filter(({ type, name }) => type === `${NAMESPACE}/${CELL}` && name === 'ledger');
  const twins = state.filter(({ type, name }) => type === `${NAMESPACE}/${TWIN}` && name === 'total');
  const written = new Map<string, Written>();
  for (const { data } of await stage.written()) {
    const text = Buffer.from(data).toString();
    if (!written.has(text)) written.set(text, JSON.parse(text) as Written);
  }
  return {
    ledgers: new Map(ledgers.map(({ id, value }) => [id, JSON.parse(value.toString()) as Ledger])),
    twins: twins.reduce((sum, { value }) => sum + readLong({ typename: '', value }), 0),
    written: [...written.values()],
  };
}

function moduleFor(cellsUrl: string, twinsUrl: string): string {
  const endpoint = (type: string, url: string) => `
kind: io.statefun.endpoints.v2/http
spec:
  functions: ${NAMESPACE}/${type}
  urlPathTemplate: ${url}/{function.name}
  maxNumBatchRequests: 50
  transport: { type: io.statefun.transports.v1/async, call: 2s, connect: 1s }
---`;
  return `
kind: io.statefun.kinesis.v1/ingress
spec:
  id: ${NAMESPACE}/in
  startupPosition: { type: earliest }
  streams: [{ stream: ${STREAM_IN}, valueType: ${COMMAND}, targets: [${NAMESPACE}/${CELL}] }]
---${endpoint(CELL, cellsUrl)}${endpoint(TWIN, twinsUrl)}
kind: io.statefun.kinesis.v1/egress
spec: { id: ${NAMESPACE}/out }
`;
}
