import { compileConfig, type SluiceConfig } from '@sluice/config';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { readReports } from '@sluice/status';
import { startRedisServer, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { NothingToDoError } from './errors.ts';
import { PortError } from './operations/server-rules.ts';
import type { PartLogic, PartOutput } from './root/part.ts';
import { type StartWorkerOptions, startWorker } from './start-worker.ts';
import type { WorkerDefinition } from './worker-definition.ts';

/** A part that works at once and ends when it is asked to, or fails at once. */
const partOf = (error?: Error): PartLogic =>
  setup({
    types: { events: {} as { type: 'shutdown.requested' }, output: {} as PartOutput, tags: {} as 'ready' },
    guards: { isBroken: () => error !== undefined },
  }).createMachine({
    id: 'part',
    initial: 'working',
    states: {
      working: { tags: 'ready', on: { 'shutdown.requested': 'ended' }, always: { guard: 'isBroken', target: 'ended' } },
      ended: { type: 'final' },
    },
    output: { reason: error ? 'failed' : 'stopped', error },
  });

const definition = (error?: Error): WorkerDefinition => ({
  ...{ app: 'egress-worker', description: 'For tests.', port: 'egressWorker' },
  labels: () => [{ egress: 'out' }],
  openParts: () => () => new Map([['egress:out', { basis: undefined, create: () => partOf(error) }]]),
});

function configFor(redisUrl: string): SluiceConfig {
  const text = `sluice: {redis: {url: "${redisUrl}"}, ports: {egress_worker: 0}}\n`;
  return compileConfig([{ name: 'sluice.yaml', text }], { env: {} }).config;
}

const optionsFor = (redisUrl: string, options: Partial<StartWorkerOptions> = {}): StartWorkerOptions => ({
  ...{ config: configFor(redisUrl), env: {}, logger: silentLogger },
  ...options,
});

const ask = async (url: string, path: string) => {
  const answer = await fetch(`${url}${path}`);
  return [answer.status, await answer.json()] as const;
};

describe('startWorker', () => {
  it('embeds a worker: its operations port, when it is ready, its end', async () => {
    await using redis = await startRedisServer();
    const worker = await startWorker(definition(), optionsFor(redis.url, { workerId: 'w1' }));
    await worker.ready;

    await expect(ask(worker.operationsUrl, '/ready')).resolves.toEqual([
      200,
      { ready: true, state: 'running', redis: true, children: { 'egress:out': { ready: true, state: 'working' } }, reasons: [] },
    ]);
    await expect(ask(worker.operationsUrl, '/actors')).resolves.toMatchObject([
      200,
      {
        id: 'egress-worker',
        machine: 'worker',
        state: 'running.steady',
        children: [{ id: 'watch' }, { id: 'egress:out', machine: 'part', state: 'working' }],
      },
    ]);
    const metrics = await fetch(`${worker.operationsUrl}/metrics`).then((answer) => answer.text());
    expect(metrics).toContain('sluice_egress_records_total{egress="out"} 0');
    expect(metrics).toContain('sluice_actors{machine="part",state="working"} 1');
    expect(metrics).toContain('sluice_ready 1');

    await worker.stop();
    await expect(worker.ended).resolves.toBeUndefined();
    await expect(fetch(`${worker.operationsUrl}/ping`)).rejects.toThrow();
  });

  it('serves its operations port before Redis is there, says what it waits for, and stops all the same', async () => {
    await using redis = await startRedisServer();
    await redis.stop();
    const worker = await startWorker(definition(), optionsFor(redis.url));

    await expect(fetch(`${worker.operationsUrl}/ping`).then((answer) => answer.text())).resolves.toBe('pong');
    await expect(ask(worker.operationsUrl, '/ready')).resolves.toEqual([
      503,
      ...[
        { ready: false, state: 'connecting', redis: false, children: {}, reasons: ['the worker is connecting', 'Redis is not connected'] },
      ],
    ]);
    await worker.stop();
    await expect(worker.ready).rejects.toThrow('stopped before it was ready');
  });

  it('reports itself in Redis while it runs', async () => {
    await using redis = await startRedisServer();
    await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
    const reports = () => readReports(session, { keyPrefix: 'sluice' });
    const worker = await startWorker(definition(), optionsFor(redis.url, { workerId: 'w1' }));
    const [report] = await until('a report', async () => {
      const found = await reports();
      return found.length > 0 && found;
    });
    expect(report).toMatchObject({ workerId: 'w1', app: 'egress-worker', pid: process.pid, operationsUrl: worker.operationsUrl });
    await worker.stop();
    expect(await reports()).toEqual([]);
  });

  it('ends with the error of a part that failed', async () => {
    await using redis = await startRedisServer();
    const worker = await startWorker(definition(new Error('no such stream')), optionsFor(redis.url));
    await expect(worker.ended).rejects.toThrow('no such stream');
  });

  it('logs the changes of its actors where it is asked to', async () => {
    await using redis = await startRedisServer();
    const changes: unknown[] = [];
    const logger: Logger = {
      ...silentLogger,
      info: (message, facts) => void (message === 'actor changed its state' && changes.push([facts?.['actor'], facts?.['to']])),
    };
    await using worker = await startWorker(definition(), optionsFor(redis.url, { logger, inspect: true }));
    await worker.ready;
    await worker.stop();
    expect(changes).toContainEqual(['egress:out', 'working']);
    expect(changes).toContainEqual(['egress:out', 'ended']);
  });

  it('puts a new configuration in force as a whole, or refuses it and goes on', async () => {
    await using redis = await startRedisServer();
    const texts = [
      '',
      'lease: {ttl: 9s}',
      'lanes: oops',
      'prefix: other',
      'lanes: 3, lease: {ttl: 9s}',
      'lease: {ttl: 9s}, watcher: false',
    ];
    const of = (text: string) =>
      compileConfig([{ name: 'sluice.yaml', text: `sluice: {redis: {url: "${redis.url}"}, ${text}}\n` }], { env: {} });
    const told: unknown[] = [];
    const note = (message: string, facts: Readonly<Record<string, unknown>> = {}) =>
      told.push(facts['reason'] ?? facts['message'] ?? facts['started'] ?? message);
    const logger: Logger = {
      ...silentLogger,
      error: note,
      info: (message, facts) => void (message.includes('configuration') && note(message, facts)),
    };
    let asked = 0;
    const byLease: WorkerDefinition = {
      ...definition(),
      openParts:
        () =>
        ({ settings }) =>
          new Map([['egress:out', { basis: settings.lease, create: () => partOf() }]]),
    };
    const source = { load: async () => of(texts[++asked]!), files: () => [] };
    await using worker = await startWorker(
      byLease,
      optionsFor(redis.url, { config: of(texts[0]!).config, source, logger, operationsPort: 0 }),
    );
    await worker.ready;
    for (let before = 0; asked < texts.length - 1; before = told.length) {
      worker.reload();
      await expect.poll(() => told.length, { timeout: 100_000 }).toBeGreaterThan(before);
      await expect
        .poll(async () => (await ask(worker.operationsUrl, '/actors'))[1], { timeout: 100_000 })
        .toMatchObject({ state: 'running.steady' });
    }
    expect(told).toEqual([
      'egress:out',
      '`lanes`: expected an integer, got `oops`',
      'the configuration has an error; nothing was changed',
      'unknown field `prefix` in `sluice`',
      'the configuration has an error; nothing was changed',
      expect.stringContaining('found `sluice.lanes`: nothing was changed; restart the workers'),
      'configuration was loaded anew and has not changed',
    ]);
    const metrics = await fetch(`${worker.operationsUrl}/metrics`).then((answer) => answer.text());
    for (const [outcome, count] of Object.entries({ applied: 1, refused: 3, unchanged: 1 }))
      expect(metrics).toContain(`sluice_config_reloads_total{outcome="${outcome}"} ${count}`);
  });

  it('rejects when it has nothing to do, or its port is in use', async () => {
    const labels = () => {
      throw new NothingToDoError('an ingress');
    };
    const idle: WorkerDefinition = { ...definition(), labels };
    await expect(startWorker(idle, optionsFor('redis://127.0.0.1:1'))).rejects.toThrow(NothingToDoError);

    await using first = await startWorker(definition(), optionsFor('redis://127.0.0.1:1'));
    const operationsPort = Number(new URL(first.operationsUrl).port);
    await expect(startWorker(definition(), optionsFor('redis://127.0.0.1:1', { operationsPort }))).rejects.toThrow(PortError);
  });
});
