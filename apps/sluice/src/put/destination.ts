import type { SluiceConfig } from '@sluice/config';
import { isRetryable, silentLogger, sleep, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { connectRedis } from '@sluice/redis';
import { redisSettingsOf } from '@sluice/worker';
import { type FeedOptions, storeInStream } from '../feed/feeder.ts';
import { openStreamClient, type StreamConfig } from '../kinesis/stream-config.ts';
import { PutUsageError } from './errors.ts';

/** Where records are put. */
export interface Destination extends AsyncDisposable {
  readonly store: FeedOptions['store'];
}

/** An ARN, or what the service allows as a name. */
const STREAM = /^(arn:.+|[\w.-]{1,128})$/;
const LOOK_MS = 200;

/**
 * An egress of the configuration or an output behind lanes, else the stream of that name.
 * @throws {StreamNotFoundError} there is no such stream
 * @throws {PutUsageError} the name is neither
 * @throws {RedisUnreachableError} no answer from the Redis of the egress within `connect_timeout`
 */
export function openDestination(name: string, streams: StreamConfig, signal: AbortSignal): Promise<Destination> {
  const { egresses, outputs, pipelines } = streams.config;
  const withLanes = [...egresses, ...outputs];
  const target = withLanes.find(({ id }) => id === name);
  if (target) return openLanes(target, streams.config, signal);
  if (STREAM.test(name)) return openStream(name, streams, signal);
  const ids = withLanes.map(({ id }) => id);
  const known = [
    ...(ids.length > 0 ? [`its egresses are ${ids.join(', ')}`] : []),
    ...(pipelines.length > 0 ? ['a pipeline in one process has no lanes: put the records where its input reads'] : []),
  ];
  throw new PutUsageError(
    `expected a stream, its ARN, or an egress of the configuration, found ${name}; ${known.join('; ') || 'no configuration is named: add --config'}`,
  );
}

async function openStream(stream: string, streams: StreamConfig, signal: AbortSignal): Promise<Destination> {
  const client = await openStreamClient(streams, stream);
  await client.describeStream(stream, signal);
  return { store: storeInStream(client, stream), [Symbol.asyncDispose]: async () => client[Symbol.dispose]() };
}

/** The lanes of an egress; while they are over the high-water mark nothing is put. */
async function openLanes(
  { id: target, lanes }: { readonly id: string; readonly lanes: number },
  { settings }: SluiceConfig,
  signal: AbortSignal,
): Promise<Destination> {
  const { redis, backpressure } = settings;
  const session = await connectRedis(
    { ...(await redisSettingsOf(redis)), connectionName: 'sluice put' },
    { logger: silentLogger, clock: systemClock, giveUpAfterMs: redis.connectTimeoutMs },
  );
  const { highWaterRecords: highRecords, lowWaterRecords: lowRecords, highWaterBytes: highBytes, lowWaterBytes: lowBytes } = backpressure;
  const sender = await openLaneSender({
    ...{ session, keyPrefix: redis.prefix, target, clock: systemClock },
    lanes,
    waterMarks: { highRecords, lowRecords, highBytes, lowBytes },
  });
  return {
    async store(records) {
      try {
        while ((await sender.pressure()).isOverHighWater) {
          await sleep(systemClock, LOOK_MS, signal);
        }
        const perLane = Map.groupBy(records, ({ partitionKey }) => sender.laneOf(partitionKey));
        const batches = [...perLane].map(([lane, ofLane]) => ({ lane, records: ofLane.map((record) => ({ ...record, metadata: {} })) }));
        await sender.enqueue(batches, session.epoch);
        return [];
      } catch (error) {
        if (isRetryable(error)) return records;
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
