/** From PutRecords to the egress stream, by the clock of this machine: the time in the record, and the time at which the emulator stored it. */
import { setTimeout as delay } from 'node:timers/promises';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { readBack } from '@sluice/testkit/delivery';
import { until } from '../pipeline/observe.ts';
import { setStage } from './stage.ts';

const PUT_EVERY_MS = 10;
const PADDING = 'x'.repeat(150);

export interface LatencyOptions {
  /** Function types; each is fed in its turn. */
  readonly types: readonly string[];
  readonly addresses: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly delays?: Readonly<Record<string, number>>;
}

/** Milliseconds, sorted, by function type; the first fifth of the time is left out. */
export async function measureLatency(options: LatencyOptions): Promise<Map<string, number[]>> {
  const { types, delays = {} } = options;
  await using stage = await setStage({ types, delays, workers: ['ingress-worker', 'function-worker', 'egress-worker'] });
  using client = createKinesisClient({
    ...{ region: 'us-east-1', endpoint: stage.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { count, countFromMs } = await feed(client, options);
  const latencies = new Map(types.map((type): [string, number[]] => [type, []]));
  await until('every message has come out', async () => {
    let seen = 0;
    for (const list of latencies.values()) list.length = 0;
    for await (const { data, origin } of readBack(client, 'out')) {
      seen += 1;
      const { type, sentMs } = JSON.parse(Buffer.from(data).toString()) as { type: string; sentMs: number };
      if (sentMs >= countFromMs) latencies.get(type)!.push(origin!.arrivalTimeMs - sentMs);
    }
    return seen >= count;
  });
  for (const list of latencies.values()) list.sort((a, b) => a - b);
  return latencies;
}

export const percentile = (sorted: readonly number[], percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;

async function feed(client: KinesisClient, { types, addresses, perSecond, seconds }: LatencyOptions) {
  const startedAt = performance.now();
  const countFromMs = Date.now() + seconds * 200;
  let count = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    const byStream = new Map<string, { partitionKey: string; data: Buffer }[]>();
    for (; count < due; count++) {
      const type = types[count % types.length]!;
      const data = Buffer.from(JSON.stringify({ type, sentMs: Date.now(), padding: PADDING }));
      const records = byStream.get(type) ?? [];
      byStream.set(type, records);
      // 7919 is prime: all addresses come, in an order that no lane follows.
      records.push({ partitionKey: `address-${(count * 7_919) % addresses}`, data });
    }
    await Promise.all([...byStream].map(([type, records]) => client.putRecords({ stream: `in-${type}`, records })));
    await delay(PUT_EVERY_MS);
  }
  return { count, countFromMs };
}
