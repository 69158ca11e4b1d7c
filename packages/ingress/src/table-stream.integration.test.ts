import { startTableStub, type TableStub } from '@sluice/dynamodb-streams/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPlace } from './testing/place.ts';

const KEYS = 7;

describe('an ingress worker that reads the stream of a table', () => {
  it('follows a shard into its children, goes on where another worker stopped, and each item stays in order', async () => {
    await using place = await startPlace(1);
    const { stub, write, worker } = await tableIn(place);
    const [first, second] = stub.stream.shardIds as [string, string];
    write(first, 100);
    write(second, 100);
    const one = await worker();
    await place.drain.until(200);
    const child = stub.stream.rollOver(first);
    write(child, 100);
    await place.drain.until(300);
    await one.worker.stop();
    write(second, 50);
    const grandchild = stub.stream.rollOver(child);
    write(grandchild, 50);
    await worker();

    const { records, skipped } = await place.drain.until(400);

    expect(skipped).toBe(0);
    const written = new Map<string, number[]>();
    for (const { partitionKey, data } of records) {
      const { dynamodb } = JSON.parse(Buffer.from(data).toString()) as { dynamodb: { NewImage: { n: { N: string } } } };
      written.set(partitionKey, [...(written.get(partitionKey) ?? []), Number(dynamodb.NewImage.n.N)]);
    }
    const numbers = [...written.values()];
    expect(numbers.map((each) => each.toSorted((a, b) => a - b))).toEqual(numbers);
    expect(numbers.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, index) => index));
  });

  it('says that changes were trimmed before they were read', async () => {
    await using place = await startPlace(1);
    const { stub, write, worker } = await tableIn(place);
    const [shard] = stub.stream.shardIds as [string];
    write(shard, 5);
    const one = await worker();
    await place.drain.until(5);
    await one.worker.stop();
    stub.stream.trim(shard, write(shard, 5));
    write(shard, 1);
    const two = await worker();
    await place.drain.until(6);
    await expect.poll(() => two.events.filter(({ type }) => type === 'records.expired').length, { timeout: 60_000 }).toBe(1);
  });
});

type Place = Awaited<ReturnType<typeof startPlace>>;

async function tableIn(place: Place) {
  const stub: TableStub = await startTableStub('orders', 2);
  onTestFinished(() => stub[Symbol.asyncDispose]());
  let next = 0;
  return {
    stub,
    /** Writes the next changes of a few items, and answers the last sequence number. A shard has items of its own. */
    write(shardId: string, count: number): string {
      let last = '';
      for (let index = 0; index < count; index++, next++)
        last = stub.stream.write(shardId, `${stub.stream.lineOf(shardId)}-${index % KEYS}`, { n: { N: String(next) } });
      return last;
    },
    worker: () => place.worker({ stream: stub.stream.arn }, { AWS_ENDPOINT_URL_DYNAMODB_STREAMS: stub.url }),
  };
}
