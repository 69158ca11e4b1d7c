/**
 * The model's function server, without an SDK: serves cells and twins over HTTP, fails as it is told, and prints its URL.
 *
 *     node e2e/functions-model/server.main.ts [--port 0] [--answer-ms 0:8]
 *
 * `GET /figures` answers what it was asked so far, as JSON. What a command says about failing counts within one life of the server.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { callCell, callTwin, STATES } from './cell.ts';
import { CELL, COMMAND, type Command, type Failure, NAMESPACE } from './commands.ts';
import { decodeRequest, encodeIncomplete, encodeResult, type FunctionRequest, type FunctionResult } from './wire.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, 'answer-ms': { type: 'string', default: '0:8' } },
});
const [leastMs, mostMs] = values['answer-ms'].split(':').map(Number) as [number, number];

const TWIN_STATES = new Map([['total', STATES.get('total')!]]);
const figures = { requests: 0, messages: 0, largestBatch: 0, failures: 0 };
/** How often a command has failed. */
const failed = new Map<number, number>();

const server = createServer((request, response) => {
  const answering = request.url === '/figures' ? answerFigures(response) : serve(request, response);
  answering.catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = decodeRequest(await buffer(incoming));
  figures.requests += 1;
  figures.messages += request.messages.length;
  figures.largestBatch = Math.max(figures.largestBatch, request.messages.length);
  await delay(leastMs + Math.random() * (mostMs - leastMs));
  const isCell = request.target.type === CELL;
  const missing = [...(isCell ? STATES : TWIN_STATES)].filter(([name]) => !request.states.has(name));
  if (missing.length > 0) return answer(response, encodeIncomplete(new Map(missing)));
  const failure = failureOf(request);
  if (failure) {
    figures.failures += 1;
    return fail(failure, request, response);
  }
  answer(response, encodeResult(isCell ? callCell(request, Date.now()) : callTwin(request)));
}

/** The first command in the batch that has not yet failed as often as it must. */
function failureOf({ messages }: FunctionRequest): Failure | undefined {
  for (const { argument } of messages) {
    if (argument.typename !== COMMAND) continue;
    const command = JSON.parse(Buffer.from(argument.value).toString()) as Command;
    if (command.do !== 'fail') continue;
    const times = failed.get(command.n) ?? 0;
    if (times >= command.times) continue;
    failed.set(command.n, times + 1);
    return command.how;
  }
  return undefined;
}

async function fail(failure: Failure, request: FunctionRequest, response: ServerResponse): Promise<void> {
  const wrong = (changes: Partial<FunctionResult>) => answer(response, encodeResult({ ...callCell(request, Date.now()), ...changes }));
  const argument = { typename: 'model/x', value: new Uint8Array() };
  switch (failure) {
    case 'status':
      response.writeHead(500).end();
      return;
    case 'reset':
      response.destroy();
      return;
    case 'garbage':
      return answer(response, Buffer.from([0xff, 0xff, 0xff]));
    // The rest of these answers is as it would be, so that nothing of it may be applied.
    case 'unknown egress':
      return wrong({ egress: [{ namespace: NAMESPACE, type: 'nowhere', argument }] });
    case 'unknown state':
      return wrong({ states: [{ name: 'nothing', value: argument }] });
    case 'hang':
      // Until the caller gives up.
      await new Promise((resolve) => response.once('close', resolve));
  }
}

function answer(response: ServerResponse, body: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length }).end(body);
}

async function answerFigures(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(figures));
}
