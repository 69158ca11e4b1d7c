import { silentLogger, systemClock } from '@sluice/core';
import { readLaneCounts } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { findRedisBinary, randomFor, startRedisServer, startSentinel, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS = 8_000;
const binary = await findRedisBinary();

it.skipIf(!binary)(
  'goes on with the replica when the master dies under load: records repeat at most, none is lost or out of order',
  async () => {
    await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
    await using replica = await startRedisServer();
    const master = pipeline.redis.session.client;
    await master.config('SET', 'repl-diskless-sync-delay', '0');
    await using second = await connectRedis({ url: replica.url }, { logger: silentLogger, clock: systemClock });
    const masterPort = Number(new URL(pipeline.redis.url).port);
    await second.client.replicaof('127.0.0.1', masterPort);
    await until('the replica to be in step', async () => (await second.client.info('replication')).includes('master_link_status:up'));
    await using sentinel = await startSentinel(binary!, masterPort);
    await using control = await connectRedis({ url: `redis://127.0.0.1:${sentinel.port}` }, { logger: silentLogger, clock: systemClock });
    await until('the sentinel to know the replica', async () => {
      const replicas = (await control.client.call('SENTINEL', 'REPLICAS', 'main')) as unknown[];
      return replicas.length === 1;
    });

    const env = { SLUICE_REDIS_SENTINEL_MASTER: 'main', SLUICE_REDIS_SENTINEL_NODES: `127.0.0.1:${sentinel.port}` };
    const workers = (['ingress-worker', 'egress-worker'] as const).flatMap((app) =>
      [1, 2].map((n) => pipeline.worker(app, `${app}-${n}`, env)),
    );
    for (const worker of workers) worker.start();
    await Promise.all(workers.map((worker) => worker.ready()));
    const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('sentinel'));
    feed.start(1_000);
    await until('records to flow', () => pipeline.written > 1_000);

    const [, pid = ''] = /process_id:(\d+)/.exec(await master.info('server')) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    // A sentinel cuts off the clients of what it promotes.
    const isPromoted = () =>
      second.client.info('replication').then(
        (told) => told.includes('role:master'),
        () => false,
      );
    await until('the replica to be promoted', isPromoted);
    const before = pipeline.written;
    await until('records to flow again', () => pipeline.written > before + 1_000);
    await feed.stop(RECORDS);
    const isDone = async () => {
      const lanes = await readLaneCounts(second, { keyPrefix: 'sluice', target: 'output/arrivals' });
      return lanes.every(({ records }) => records === 0) && (await pipeline.compare(feed.fed)).lost === 0;
    };
    await until('every record to arrive', isDone, 300_000);
    const report = await pipeline.compare(feed.fed);
    process.stdout.write(`sentinel: ${report.fed} records, ${report.duplicated} duplicates\n`);
    expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  },
);
