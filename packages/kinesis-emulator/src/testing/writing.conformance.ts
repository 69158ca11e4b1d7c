import { createHash } from 'node:crypto';
import { PutRecordCommand, PutRecordsCommand, type PutRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

interface Entry {
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
  readonly ExplicitHashKey?: string;
}

const put = ({ client }: KinesisTarget, name: string, records: Entry[]): Promise<PutRecordsCommandOutput> =>
  client.send(new PutRecordsCommand({ StreamName: name, Records: records }));

const entry = (partitionKey: string, data = 'data'): Entry => ({ PartitionKey: partitionKey, Data: Buffer.from(data) });

/** The shard that a hash key belongs to, by the ranges that the endpoint itself shows. */
async function shardOf(target: KinesisTarget, name: string, hashKey: bigint): Promise<string> {
  const shards = await target.shards(name);
  const { ShardId: id } = shards.find(
    ({ HashKeyRange: range }) => BigInt(range!.StartingHashKey!) <= hashKey && hashKey <= BigInt(range!.EndingHashKey!),
  )!;
  return id!;
}

export function checkWriting(check: Check): void {
  check('routes a record by the MD5 of its key in UTF-8', async (target) => {
    const name = await target.createStream(4);
    const keys = ['a', 'b', 'order-17', 'Grüße', '日本語', '🦫', '"quoted\\"'];

    const { Records: results } = await put(
      target,
      name,
      keys.map((key) => entry(key)),
    );

    const expected = keys.map((key) => shardOf(target, name, BigInt(`0x${createHash('md5').update(key).digest('hex')}`)));
    expect(results!.map((result) => result.ShardId)).toEqual(await Promise.all(expected));
  });

  check('lets an explicit hash key decide the shard', async (target) => {
    const name = await target.createStream(4);
    const hashKeys = [0n, 2n ** 126n - 1n, 2n ** 126n, 2n ** 127n, 2n ** 128n - 1n];

    const { Records: results } = await put(
      target,
      name,
      hashKeys.map((key) => ({ ...entry('same'), ExplicitHashKey: String(key) })),
    );

    expect(results!.map((result) => result.ShardId)).toEqual([0, 0, 1, 2, 3].map((index) => `shardId-00000000000${index}`));
  });

  check('gives records of a shard rising sequence numbers', async (target) => {
    const name = await target.createStream();

    const { Records: results } = await put(
      target,
      name,
      Array.from({ length: 20 }, (_, index) => entry(`key-${index}`)),
    );
    const single = await target.client.send(new PutRecordCommand({ StreamName: name, ...entry('last') }));

    const numbers = [...results!.map((result) => result.SequenceNumber!), single.SequenceNumber!].map(BigInt);
    expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => (left < right ? -1 : 1)));
  });

  check('gives sequence numbers within the range that the shard shows', async (target) => {
    const name = await target.createStream();

    const { SequenceNumber: number } = await target.client.send(new PutRecordCommand({ StreamName: name, ...entry('key') }));
    const [shard] = await target.shards(name);

    expect(number).toMatch(/^\d{56}$/);
    expect(BigInt(number!)).toBeGreaterThan(BigInt(shard!.SequenceNumberRange!.StartingSequenceNumber!));
    expect(shard!.SequenceNumberRange!.EndingSequenceNumber).toBeUndefined();
  });

  check('gives back keys and data as they came', async (target) => {
    const name = await target.createStream();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const sent = [
      { PartitionKey: 'Grüße 🦫 "quoted" \\ \n\t\u0001', Data: bytes },
      { PartitionKey: 'k'.repeat(256), Data: Buffer.alloc(0) },
      { PartitionKey: ' ', Data: Buffer.from([0]) },
    ];

    await put(target, name, sent);
    const { Records: records } = await target.page({ StreamName: name });

    expect(records!.map(({ PartitionKey: key, Data: data }) => [key, Buffer.from(data!).toString('hex')])).toEqual(
      sent.map(({ PartitionKey: key, Data: data }) => [key, data.toString('hex')]),
    );
  });

  check('takes 500 records, and a record of exactly 1 MiB with its key', async (target) => {
    const name = await target.createStream();

    const many = await put(
      target,
      name,
      Array.from({ length: 500 }, (_, index) => entry(`key-${index}`)),
    );
    const large = await put(target, name, [{ PartitionKey: 'four', Data: Buffer.alloc(1024 * 1024 - 4) }]);

    expect([many.FailedRecordCount, many.Records!.length]).toEqual([0, 500]);
    expect([large.FailedRecordCount, large.Records!.length]).toEqual([0, 1]);
  });

  check('counts the length of a key in characters, not in UTF-16 units or bytes', async (target) => {
    const name = await target.createStream();

    await expect(put(target, name, [entry('🦫'.repeat(256))])).resolves.toMatchObject({ FailedRecordCount: 0 });
  });

  check('refuses 501 records', async (target) => {
    const name = await target.createStream();

    await expect(
      put(
        target,
        name,
        Array.from({ length: 501 }, () => entry('key')),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  check('refuses a request of more than 10 MiB', async (target) => {
    const name = await target.createStream();
    const records = Array.from({ length: 11 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: Buffer.alloc(1_000_000) }));

    await expect(put(target, name, records)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    await expect(target.page({ StreamName: name })).resolves.toMatchObject({ Records: [] });
  });

  check('refuses a record of 1 MiB whose key takes it over the limit', async (target) => {
    const name = await target.createStream();

    await expect(put(target, name, [{ PartitionKey: 'key', Data: Buffer.alloc(1024 * 1024) }])).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  });

  check('stores nothing of a request that has one malformed record', async (target) => {
    const name = await target.createStream();
    const refused = { $metadata: { httpStatusCode: 400 } };

    await expect(put(target, name, [entry('good'), entry('x'.repeat(257))])).rejects.toMatchObject(refused);
    await expect(put(target, name, [entry('good'), { ...entry('key'), ExplicitHashKey: String(2n ** 128n) }])).rejects.toMatchObject(
      refused,
    );
    await expect(target.page({ StreamName: name })).resolves.toMatchObject({ Records: [] });
  });

  check('refuses an explicit hash key of more than 128 bits', async (target) => {
    const name = await target.createStream();

    await expect(put(target, name, [{ ...entry('key'), ExplicitHashKey: String(2n ** 128n) }])).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  check('refuses a request without records', async (target) => {
    const name = await target.createStream();

    await expect(put(target, name, [])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  check('refuses a key that is empty or longer than 256 characters', async (target) => {
    const name = await target.createStream();

    for (const key of ['', 'x'.repeat(257)]) {
      await expect(put(target, name, [entry(key)])).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });
}
