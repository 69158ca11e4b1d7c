import { join } from 'node:path';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type Logger, silentLogger } from '@sluice/core';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import type { TelemetryEvent } from '@sluice/telemetry';
import { NodeProcess, type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorker } from './create-worker.ts';

const OUTPUT = {
  output: { label: 'out', aws_kinesis: { stream: 'shipments', partition_key: 'k', credentials: { id: 'a', secret: 'b' } } },
};
const EXAMPLE = join(import.meta.dirname, '../../../examples/embed/workers.ts');

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis[Symbol.asyncDispose]());

/** An installation that no other test shares. */
const environment = (endpoint = 'http://127.0.0.1:1') => ({
  ...{ SLUICE_REDIS_URL: redis.url, SLUICE_REDIS_PREFIX: `embed-${crypto.randomUUID()}` },
  ...{ AWS_ENDPOINT_URL_KINESIS: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
});

describe('createWorker', () => {
  it('runs a worker in this process: ready, readiness, events, and stops when it is disposed of', async () => {
    await using kinesis = await startKinesisEmulator({ port: 0, streams: { shipments: 1 } });
    const events: TelemetryEvent[] = [];
    const worker = await createWorker({
      ...{ kind: 'egress', config: OUTPUT, env: environment(kinesis.endpoint), logger: silentLogger, workerId: 'embedded' },
      onEvent: (event) => events.push(event),
    });
    await worker.ready;

    expect(worker).toMatchObject({ workerId: 'embedded', operationsUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(worker.readiness()).toMatchObject({ ready: true, state: 'running', redis: true });
    await until('an event', () => events.length > 0);
    await worker[Symbol.asyncDispose]();
    await expect(worker.ended).resolves.toBeUndefined();
  });

  it('stops when its signal aborts', async () => {
    const stop = new AbortController();
    const worker = await createWorker({ kind: 'egress', config: OUTPUT, env: environment(), logger: silentLogger, signal: stop.signal });
    stop.abort();
    await expect(worker.ended).resolves.toBeUndefined();
    await expect(createWorker({ kind: 'egress', config: OUTPUT, env: environment(), signal: stop.signal })).rejects.toThrow('aborted');
  });

  it('logs what a listener of events throws, and works on', async () => {
    const failures: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (message, facts) => failures.push([message, facts]), child: () => logger };
    const onEvent = () => {
      throw new Error('no');
    };
    await using _worker = await createWorker({ kind: 'egress', config: OUTPUT, env: environment(), logger, onEvent });
    await until('a failure', () => failures.length > 0);
    expect(failures[0]).toEqual(['the listener of events failed', { event: expect.any(String), reason: 'Error: no' }]);
  });

  it('refuses a configuration with errors before anything starts, with each of them', async () => {
    const config = [{ sluice: { lanes: 'many' } }, 'output: {aws_kinesis: {strea: s}}'];
    const refused = await createWorker({ kind: 'egress', config, env: environment() }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'WORKER_CONFIG_INVALID', disposition: 'fatal' });
    expect((refused as { problems: unknown[] }).problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'config[0]', line: 3, code: 'field.value' }),
        expect.objectContaining({ file: 'config[1]', line: 1, code: 'field.unknown' }),
      ]),
    );
    await expect(createWorker({ kind: 'function', config: OUTPUT, env: environment() })).rejects.toMatchObject({ code: 'NOTHING_TO_DO' });
  });
});

describe('examples/embed', () => {
  it('moves records from stream to stream, and ends by itself at SIGTERM', async () => {
    await using kinesis = await startKinesisEmulator({ port: 0, streams: { orders: 2, shipments: 2 } });
    await using example = new NodeProcess({ name: 'example', script: EXAMPLE, env: environment(kinesis.endpoint) });
    expect(await example.nextLine()).toMatch(/^ready: /);

    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new KinesisClient({
      endpoint: kinesis.endpoint,
      region: 'us-east-1',
      credentials,
      requestHandler: new NodeHttpHandler(),
    });
    const Records = Array.from({ length: 20 }, (_, n) => ({ PartitionKey: `k${n % 4}`, Data: Buffer.from(`{"customer":"c${n % 4}"}`) }));
    await client.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
    client.destroy();
    await until('the records', () => kinesis.records('shipments').length >= 20);
    expect(await example.stop()).toBe(0);
    expect(await example.nextLine()).toMatch(/^\d+ records written$/);
  });
});
