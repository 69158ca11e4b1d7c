import { ManualClock } from '@sluice/core/testing';
import { KinesisAccessError, KinesisThrottledError, KinesisValidationError } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { describe, expect, it } from 'vitest';
import { assertReached } from './assert-reached.ts';

const SHARD = 'shardId-000000000000';

describe('a checkpoint of an open shard', () => {
  it('is taken where its record is there, or a later one', async () => {
    const { numbers, reached } = await shardOf(3);
    for (const number of numbers) await expect(reached(number)).resolves.toBeUndefined();
    await expect(reached(String(BigInt(numbers[1]!) - 1n))).resolves.toBeUndefined();
  });

  it('is refused above all records of the shard, and where the service says that it is not of this stream', async () => {
    const { numbers, reached, kinesis } = await shardOf(3);
    const beyond = String(BigInt(numbers.at(-1)!) + 1n);
    const text = `expected a sequence number that orders ${SHARD} has reached, found ${beyond}, which is above all of its records or not of this stream`;
    await expect(reached(beyond)).rejects.toThrow(text);
    kinesis.failNext('getShardIterator', new KinesisValidationError('did not come from this stream', {}, undefined));
    await expect(reached(beyond)).rejects.toThrow(text);
  });

  it('is taken where the shard has nothing left: its record may have expired', async () => {
    const { reached } = await shardOf(0);
    await expect(reached('4959')).resolves.toBeUndefined();
  });

  it('waits while others read the shard, and says what else goes wrong', async () => {
    const { numbers, reached, kinesis, clock } = await shardOf(1);
    kinesis.failNext('getRecords', new KinesisThrottledError('slow down', {}, undefined));
    const waiting = reached(numbers[0]!);
    await new Promise(setImmediate);
    clock.advance(1_000);
    await expect(waiting).resolves.toBeUndefined();
    kinesis.failNext('getRecords', new KinesisAccessError('not allowed', {}, undefined));
    await expect(reached(numbers[0]!)).rejects.toThrow('not allowed');
  });
});

async function shardOf(records: number) {
  const kinesis = new FakeKinesis();
  const clock = new ManualClock();
  kinesis.createStream('orders', 1);
  const numbers: string[] = [];
  for (let record = 0; record < records; record++) {
    const { results } = await kinesis.putRecords({ stream: 'orders', records: [{ partitionKey: 'k', data: Buffer.from('x') }] });
    numbers.push((results[0] as { sequenceNumber: string }).sequenceNumber);
  }
  const reached = (sequenceNumber: string) => assertReached({ source: kinesis, stream: 'orders', shardId: SHARD, sequenceNumber, clock });
  return { kinesis, clock, numbers, reached };
}
