import { setTimeout as delay } from 'node:timers/promises';
import { GetRecordsCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

/** Puts one record for each text, one after the other; answers their sequence numbers. */
async function putAll({ client }: KinesisTarget, name: string, texts: readonly string[]): Promise<string[]> {
  const numbers: string[] = [];
  for (const text of texts) {
    const { SequenceNumber: number } = await client.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'key', Data: Buffer.from(text) }),
    );
    numbers.push(number!);
  }
  return numbers;
}

const textsOf = ({ Records: records }: { readonly Records: readonly { readonly Data: Uint8Array | undefined }[] | undefined }): string[] =>
  records!.map(({ Data: data }) => Buffer.from(data!).toString());

export function checkReading(check: Check): void {
  check('reads from the oldest record', async (target) => {
    const name = await target.createStream();
    const numbers = await putAll(target, name, ['a', 'b']);

    const page = await target.page({ StreamName: name });

    expect(textsOf(page)).toEqual(['a', 'b']);
    expect(page.Records!.map((record) => record.SequenceNumber)).toEqual(numbers);
    expect(page.MillisBehindLatest).toBe(0);
    expect(Math.abs(page.Records![0]!.ApproximateArrivalTimestamp!.getTime() - Date.now())).toBeLessThan(30_000);
  });

  check('reads only what comes after the iterator with LATEST', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['before']);
    const iterator = await target.iterator({ StreamName: name, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' });

    await putAll(target, name, ['after']);

    expect(textsOf(await target.client.send(new GetRecordsCommand({ ShardIterator: iterator })))).toEqual(['after']);
  });

  check('reads at and after a sequence number', async (target) => {
    const name = await target.createStream();
    const [, second] = await putAll(target, name, ['a', 'b', 'c']);
    const from = (type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER') =>
      target.page({ StreamName: name, ShardIteratorType: type, StartingSequenceNumber: second });

    expect(textsOf(await from('AT_SEQUENCE_NUMBER'))).toEqual(['b', 'c']);
    expect(textsOf(await from('AFTER_SEQUENCE_NUMBER'))).toEqual(['c']);
  });

  check('reads from the start with the shard’s own starting sequence number', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['a']);
    const [shard] = await target.shards(name);

    const page = await target.page({
      StreamName: name,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: shard!.SequenceNumberRange!.StartingSequenceNumber,
    });

    expect(textsOf(page)).toEqual(['a']);
  });

  check('reads from a time', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['before']);
    await delay(30);
    await putAll(target, name, ['at', 'after']);
    const all = await target.page({ StreamName: name });
    const at = (timestamp: Date) => target.page({ StreamName: name, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: timestamp });

    expect(textsOf(await at(all.Records![1]!.ApproximateArrivalTimestamp!))).toEqual(['at', 'after']);
    expect(textsOf(await at(new Date(Date.now() - 3_600_000)))).toEqual(['before', 'at', 'after']);
  });

  check('goes on from page to page without a gap', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['a', 'b', 'c', 'd', 'e']);

    const first = await target.page({ StreamName: name }, 2);
    const second = await target.client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator, Limit: 2 }));
    const third = await target.client.send(new GetRecordsCommand({ ShardIterator: second.NextShardIterator, Limit: 2 }));

    expect([first, second, third].map((page) => textsOf(page))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(third.MillisBehindLatest).toBe(0);
  });

  check('says how far behind a page is while records are left', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['a', 'b']);
    await delay(30);

    const { MillisBehindLatest: behind } = await target.page({ StreamName: name }, 1);

    expect(behind).toBeGreaterThan(0);
  });

  check('keeps a page within 10 MiB', async (target) => {
    const name = await target.createStream();
    for (let request = 0; request < 3; request++) {
      const records = Array.from({ length: 5 }, () => ({ PartitionKey: 'key', Data: Buffer.alloc(1_000_000, request) }));
      await target.client.send(new PutRecordsCommand({ StreamName: name, Records: records }));
    }

    const first = await target.page({ StreamName: name });
    const second = await target.client.send(new GetRecordsCommand({ ShardIterator: first.NextShardIterator }));

    expect([first.Records!.length, second.Records!.length]).toEqual([10, 5]);
  });

  check('lets an iterator be used again', async (target) => {
    const name = await target.createStream();
    await putAll(target, name, ['a']);
    const iterator = await target.iterator({ StreamName: name, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' });
    const read = async () => textsOf(await target.client.send(new GetRecordsCommand({ ShardIterator: iterator })));

    expect([await read(), await read()]).toEqual([['a'], ['a']]);
  });

  check('gives an iterator that goes on even from an empty page', async (target) => {
    const name = await target.createStream();

    const empty = await target.page({ StreamName: name });
    await putAll(target, name, ['late']);

    expect(empty.Records).toEqual([]);
    expect(textsOf(await target.client.send(new GetRecordsCommand({ ShardIterator: empty.NextShardIterator })))).toEqual(['late']);
  });
}
