/** Records on their way through an HTTP server and a cache in Redis, while their worker is stopped and another one goes on. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compileConfig } from '@sluice/config';
import { type Clock, silentLogger, systemClock } from '@sluice/core';
import { readLaneCounts } from '@sluice/queue';
import { startRedisProxy } from '@sluice/redis/testing';
import type { EventSink, TelemetryEvent } from '@sluice/telemetry';
import { expect, it } from 'vitest';
import { planEgresses } from './create-egresses.ts';
import { audit, feed, type Rig, startRig, until } from './testing/egress-rig.ts';
import { runEgresses } from './testing/run-egresses.ts';

const fed = { keys: 20, perKey: 20 };
const EGRESS = 'output/aws_kinesis';

it('keeps each record and the order of each key, and drops what comes twice', async () => {
  await using rig = await startRig();
  await using http = await startServer();
  const sender = await rig.openSender(EGRESS);
  const first = startWorker(rig, 'first', http.url);
  await feed(sender, { ...fed, perJob: 7 });
  await until(() => http.asked() > 50);
  first.stop();
  await first.ended;
  http.answerAll();
  const second = startWorker(rig, 'second', http.url);
  await untilEmpty(rig);
  const once = audit(await rig.readAll(), fed);
  expect({ missing: once.missing, outOfOrder: once.outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });

  await feed(sender, fed);
  await untilEmpty(rig);
  expect(await rig.readAll()).toHaveLength(fed.keys * fed.perKey + once.repeated);
  second.stop();
  await second.ended;
});

it('opens its cache and its connections again when it takes up its lanes again', async () => {
  await using rig = await startRig();
  await using http = await startServer();
  http.answerAll();
  await using kinesis = await startRedisProxy(rig.emulator.endpoint);
  const seen: string[] = [];
  const emit = ({ type }: TelemetryEvent) => void seen.push(type);
  const timesOpened = () => seen.filter((type) => type === 'egress.opened').length;
  const cutOff = startWorker(rig, 'cut-off', http.url, { endpoint: kinesis.url, emit, speed: 3 });
  const other = startWorker(rig, 'other', http.url, { speed: 3 });
  await untilShared(rig);
  const sender = await rig.openSender(EGRESS);
  await feed(sender, { ...fed, perKey: 10 });
  await untilEmpty(rig);

  // It gives its lanes to the other, and closes all that it has open.
  kinesis.close();
  await feed(sender, { ...fed, perKey: 20 });
  await until(() => seen.includes('egress.yielded'));
  kinesis.open();
  await untilEmpty(rig);
  await until(() => timesOpened() >= 2);
  other.stop();
  await other.ended;

  await feed(sender, { ...fed, perKey: 30 });
  await untilEmpty(rig);
  const all = { ...fed, perKey: 30 };
  expect(audit(await rig.readAll(), all)).toMatchObject({ missing: 0, outOfOrder: 0 });
  cutOff.stop();
  await cutOff.ended;
});

/** Runs ahead, so that half a minute of failing takes some seconds. */
const clockOf = (speed: number): Clock => ({
  ...systemClock,
  monotonic: () => systemClock.monotonic() * speed,
  setTimeout: (callback, delayMs) => systemClock.setTimeout(callback, delayMs / speed),
});

function startWorker(
  { session, emulator, redis }: Rig,
  worker: string,
  url: string,
  {
    endpoint = emulator.endpoint,
    emit = (): void => undefined,
    speed = 1,
  }: { endpoint?: string; emit?: EventSink['emit']; speed?: number } = {},
) {
  const clock = clockOf(speed);
  const text = `
pipeline:
  processors:
    - dedupe: { cache: seen, key: '\${! content() }' }
    - http: { url: '${url}/\${! content() }', retries: 0, timeout: 10m }
output:
  aws_kinesis:
    stream: out
    partition_key: '\${! content().string().split("-").index(0) }'
    region: us-east-1
    endpoint: ${endpoint}
    credentials: { id: test, secret: test }
cache_resources:
  - label: seen
    redis: { url: '${redis.url}', prefix: 'seen:', retries: { max_elapsed_time: 10m } }
error_handling: { strict: true }
---
sluice: { lease: { ttl: ${5 * speed}s, renew: ${speed}s } }
`;
  const { config, problems } = compileConfig([{ name: 'b.yaml', text }], { env: {} });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const plans = planEgresses(config, {
    ...{ session, keyPrefix: 'sluice', worker, env: {}, logger: silentLogger, clock },
    telemetry: { emit },
    customMetrics: { open: () => () => undefined },
  });
  return runEgresses([plans.get(EGRESS)!.create()], clock);
}

const untilEmpty = ({ session }: Rig): Promise<void> =>
  until(async () => (await readLaneCounts(session, { target: EGRESS })).every(({ records }) => records === 0));

/** Resolves once both workers hold lanes. */
const untilShared = ({ session }: Rig): Promise<void> =>
  until(async () => new Set((await readLaneCounts(session, { target: EGRESS })).flatMap(({ worker }) => worker ?? [])).size === 2);

/** Answers what it is asked with; some of it not before it is told so. */
async function startServer() {
  let asked = 0;
  let answersAll = false;
  const server = createServer(async (request, response) => {
    asked++;
    const body = (await request.toArray()).join('');
    if (answersAll || !body.endsWith('3')) response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    answerAll: () => {
      answersAll = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
