/**
 * The stream `orders` that the recorded KCL applications read: the same shards, records and sequence numbers at every start, since those come
 * from the clock, which stands still but for the split.
 */
import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import { type Clock, systemClock } from '@sluice/core';
import { Aggregator, createKinesisClient } from '@sluice/kinesis';
import { type KinesisEmulator, startKinesisEmulator } from '@sluice/kinesis-emulator';

const CREATED_AT_MS = Date.UTC(2026, 0, 31, 12);
const SPLIT_AT_MS = CREATED_AT_MS + 10_000;

/** Hash keys in the two halves of the stream, and in the two children of the first half. */
const [FIRST_QUARTER, SECOND_QUARTER, SECOND_HALF] = ['0', String(2n ** 126n), String(2n ** 127n)];

/** What all its records hold, in no order. */
export interface OrdersStream {
  readonly emulator: KinesisEmulator;
  readonly texts: readonly string[];
}

/** Shard 0 is split into 2 and 3 after its records; each other one has two aggregates of five between plain records. */
export async function startOrdersStream(port = 0): Promise<OrdersStream> {
  let nowMs = CREATED_AT_MS;
  const clock: Clock = { ...systemClock, now: () => nowMs };
  const emulator = await startKinesisEmulator({ port, clock, quotas: false, streams: { orders: 2, sink: 1 } });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  using kinesis = createKinesisClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  const texts: string[] = [];
  const put = async (name: string, explicitHashKey: string) => {
    const record = (text: string) => {
      texts.push(`${name} ${text}`);
      return { partitionKey: name, explicitHashKey, data: Buffer.from(`${name} ${text}`) };
    };
    const aggregate = (texts: readonly string[]) => {
      const aggregator = new Aggregator(1_000_000);
      for (const text of texts) aggregator.add(record(text));
      return { partitionKey: name, explicitHashKey, data: aggregator.toBytes() };
    };
    const records = [record('1'), record('2'), aggregate(['3', '4', '5', '6', '7']), aggregate(['8', '9', '10', '11', '12']), record('13')];
    for (const one of records) await kinesis.putRecords({ stream: 'orders', records: [one] });
  };
  await put('parent', FIRST_QUARTER!);
  await put('other', SECOND_HALF!);
  nowMs = SPLIT_AT_MS;
  const split = { StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: SECOND_QUARTER! };
  await kinesis.sdk.send(new SplitShardCommand(split));
  await put('child', FIRST_QUARTER!);
  await put('unread', SECOND_QUARTER!);
  return { emulator, texts };
}
