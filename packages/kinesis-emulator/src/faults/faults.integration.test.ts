import { GetRecordsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisEmulatorOptions, startKinesisEmulator } from '../emulator.ts';
import { KinesisTarget } from '../testing/target.ts';

describe('faults', () => {
  it('stores the records of a request whose reply is lost to a reset', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.once('PutRecords', { lostReply: 'reset' });

    await expect(put(['a', 'b'])).rejects.toMatchObject({ code: 'ECONNRESET' });

    await expect(stored()).resolves.toEqual(['a', 'b']);
  });

  it('stores the records of a request that is never answered', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.once('PutRecords', { lostReply: 'hang' });

    await expect(put(['a'], AbortSignal.timeout(300))).rejects.toMatchObject({ name: 'AbortError' });

    await expect(stored()).resolves.toEqual(['a']);
  });

  it('stores nothing of a request that it refuses', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.set({ PutRecords: { errorRate: 1, errors: ['ServiceUnavailable'] } });

    await expect(put(['a'])).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });

    await expect(stored()).resolves.toEqual([]);
  });

  it('fails the records that it is told to, and stores the others', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.once('PutRecords', { records: { 0: 'InternalFailure', 2: 'ProvisionedThroughputExceededException' } });

    const { FailedRecordCount: failed, Records: results } = await put(['a', 'b', 'c']);

    expect(failed).toBe(2);
    expect(results!.map((result) => result.ErrorCode)).toEqual(['InternalFailure', undefined, 'ProvisionedThroughputExceededException']);
    await expect(stored()).resolves.toEqual(['b']);
  });

  it('answers for each record truly when records fail at random', async () => {
    const { emulator, put, stored } = await emulatorOf({ faults: { PutRecords: { recordErrorRate: 0.5 } } });
    const texts = Array.from({ length: 200 }, (_, index) => `record-${index}`);

    const { FailedRecordCount: failed, Records: results } = await put(texts);

    const succeeded = texts.filter((_, index) => results![index]!.SequenceNumber !== undefined);
    expect(await stored(), `seed ${emulator.faults.seed}`).toEqual(succeeded);
    expect(failed).toBe(200 - succeeded.length);
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(150);
  });

  it('keeps a request waiting', async () => {
    const { emulator, put } = await emulatorOf();
    emulator.faults.set({ '*': { latencyMs: [100, 100] } });
    const start = performance.now();

    await put(['a']);

    expect(performance.now() - start).toBeGreaterThanOrEqual(99);
  });
});

async function emulatorOf(options: KinesisEmulatorOptions = {}) {
  const emulator = await startKinesisEmulator({ streams: { s: 1 }, quotas: false, ...options });
  const target = new KinesisTarget(emulator.endpoint);
  onTestFinished(async () => {
    target.close();
    await emulator[Symbol.asyncDispose]();
  });
  const put = (texts: readonly string[], abortSignal?: AbortSignal) =>
    target.client.send(
      new PutRecordsCommand({ StreamName: 's', Records: texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) })) }),
      abortSignal ? { abortSignal } : {},
    );
  const stored = async () => {
    emulator.faults.clear();
    const iterator = await target.iterator({ StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' });
    const { Records: records } = await target.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    return records!.map(({ Data: data }) => Buffer.from(data!).toString());
  };
  return { emulator, put, stored };
}
