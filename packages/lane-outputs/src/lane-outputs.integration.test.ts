import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { compileConfig, hasErrors } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { audit, feed, startRig, until } from '@sluice/egress/testing';
import { listDeadLetters } from '@sluice/queue';
import { silentTelemetry, type TelemetryEvent } from '@sluice/telemetry';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { planLaneOutputs } from './plan-lane-outputs.ts';

const TARGET = 'output/out';
const KEYS = { keys: 20, perKey: 10 };
const COUNT = KEYS.keys * KEYS.perKey;

describe('an output behind lanes', () => {
  it('brings each record to all outputs of a broker, in the order of its key, though a server refuses some at first', async () => {
    await using rig = await startRig();
    let left = 15;
    await using server = await serverOf((_, answer) => answer.writeHead(left-- > 0 ? 503 : 200).end());
    await using _worker = startWorker(
      rig,
      `
  broker:
    outputs:
      - http_client: { url: ${server.url}, verb: POST, retries: 0 }
      - aws_kinesis: { stream: out, partition_key: '\${! content().string().split("-").index(0) }', endpoint: ${rig.emulator.endpoint}, region: us-east-1, credentials: { id: a, secret: b }, batching: { count: 50, period: 20ms } }
`,
    );
    await feed(await rig.openSender(TARGET), KEYS);

    await until(() => new Set(server.taken).size === COUNT);
    await until(async () => new Set(await rig.readAll()).size === COUNT);
    expect(audit(server.taken, KEYS)).toMatchObject({ missing: 0, outOfOrder: 0 });
    expect(audit(await rig.readAll(), KEYS)).toMatchObject({ missing: 0, outOfOrder: 0 });
  });

  it('writes many records of a hot key in a batch, each processed by itself, in order though the server refuses some at first', async () => {
    await using rig = await startRig();
    const hot = { keys: 1, perKey: 300 };
    await feed(await rig.openSender(TARGET), hot);
    let left = 3;
    await using server = await serverOf((_, answer) => answer.writeHead(left-- > 0 ? 503 : 200).end());
    await using _worker = startWorker(
      rig,
      `
  http_client: { url: ${server.url}, verb: POST, retries: 0, batching: { count: 50, period: 1h, processors: [{ archive: { format: lines } }] } }
  processors: [{ mapping: 'root = if batch_size() == 1 { content() } else { deleted() }' }]
`,
    );

    const lines = () => server.taken.flatMap((body) => body.split('\n'));
    await until(() => new Set(lines()).size === 300);
    expect(audit(lines(), hot)).toMatchObject({ missing: 0, outOfOrder: 0 });
    expect(server.taken.length).toBeLessThan(60);
  });

  it('makes dead letters of what is refused on purpose, and brings the others out', async () => {
    await using rig = await startRig();
    await using server = await serverOf((request, answer) => answer.writeHead(request.url === '/gone' ? 410 : 200).end());
    await using worker = startWorker(
      rig,
      `
  switch:
    cases:
      - check: content().string().has_suffix("-3")
        output: { reject: 'no thirds, as \${! content() } is' }
      - check: content().string().has_suffix("-4")
        output: { http_client: { url: ${server.url}gone, verb: POST, drop_on: [410] } }
      - output: { http_client: { url: ${server.url}, verb: POST } }
`,
    );
    await feed(await rig.openSender(TARGET), KEYS);

    const letters = () => listDeadLetters(rig.session, { keyPrefix: 'sluice', target: TARGET });
    const told = () => worker.events.filter(({ type }) => type === 'record.deadLettered').length;
    await until(() => told() === 2 * KEYS.keys && server.taken.length >= COUNT - 2 * KEYS.keys);
    expect(await letters()).toHaveLength(2 * KEYS.keys);
    expect(new Set((await letters()).map(({ reason }) => reason.code))).toEqual(new Set(['MESSAGE_REJECTED']));
    expect(server.taken.filter((text) => /-[34]$/.test(text))).toEqual([]);
  });

  it('gives back at a stop what a server has not answered, and the next worker brings it out', async () => {
    await using rig = await startRig();
    let isHanging = true;
    await using server = await serverOf((_, answer) => {
      if (!isHanging) answer.writeHead(200).end();
    });
    const output = `\n  http_client: { url: ${server.url}, verb: POST }\n`;
    const first = startWorker(rig, output);
    await feed(await rig.openSender(TARGET), KEYS);
    await until(() => server.open > 0);
    await first[Symbol.asyncDispose]();
    isHanging = false;

    await using _second = startWorker(rig, output);
    await until(() => new Set(server.taken).size === COUNT);
    expect(audit(server.taken, KEYS)).toMatchObject({ missing: 0, outOfOrder: 0 });
  });
});

/** A worker of the one output, in this process; disposing stops it. */
function startWorker(rig: Awaited<ReturnType<typeof startRig>>, output: string) {
  const text = `input: {aws_kinesis: {streams: [a]}}\noutput:\n  label: out${output}`;
  const { config, problems } = compileConfig([{ name: 'c.yaml', text }], { env: {} });
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join('\n'));
  const events: TelemetryEvent[] = [];
  const plan = planLaneOutputs(config, {
    ...{ session: rig.session, keyPrefix: 'sluice', worker: `worker-${Math.random()}`, env: {}, logger: silentLogger, clock: systemClock },
    ...{ telemetry: { emit: (event) => void events.push(event) }, customMetrics: silentTelemetry.custom },
  }).get(TARGET)!;
  const actor = createActor(plan.create(), { clock: systemClock });
  const ended = new Promise<void>((resolve, reject) => actor.subscribe({ complete: resolve, error: reject }));
  actor.start();
  return {
    events,
    [Symbol.asyncDispose]: () => {
      if (actor.getSnapshot().status === 'active') actor.send({ type: 'shutdown.requested' });
      return ended;
    },
  };
}

/** A server on this machine, and the bodies that it has taken with 200. */
async function serverOf(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const taken: string[] = [];
  const state = { open: 0 };
  const server = createServer(async (request, response) => {
    state.open++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.once('finish', () => {
      if (response.statusCode === 200) taken.push(Buffer.concat(chunks).toString());
    });
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`,
    taken,
    get open() {
      return state.open;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
