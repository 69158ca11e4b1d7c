import { createServer } from 'node:http';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RequestObservation } from './dispatcher.ts';
import { type KinesisEmulatorOptions, startKinesisEmulator } from './emulator.ts';
import { MIB } from './limits.ts';
import { KinesisTarget } from './testing/target.ts';

const SHARD = 'shardId-000000000000';

/** Long enough for a machine ten times slower. */
const SOON = { timeout: 60_000 };

describe('startKinesisEmulator', () => {
  it('comes back from a pause at the same endpoint, with its records and iterators', async () => {
    const { emulator, target, put } = await emulatorOf();
    await put('before');
    const iterator = await target.iterator({ StreamName: 's', ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' });

    await emulator.pause();
    await expect(put('while away')).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN(RESET|REFUSED)$/) });
    await emulator.resume();

    const { Records: records } = await target.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    expect(records!.map(({ Data: data }) => Buffer.from(data!).toString())).toEqual(['before']);
  });

  it('cuts a request short that is under way when it is paused', async () => {
    const { emulator, target } = await emulatorOf();
    emulator.faults.once('PutRecord', { latencyMs: 60_000 });

    const request = target.client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: Buffer.from('x') }));
    const outcome = expect(request).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => emulator.requestsUnderWay, SOON).toBe(1);
    await emulator.pause();

    await outcome;
  });

  it('pauses and resumes as often as it is told, also twice in a row', async () => {
    const { emulator, put } = await emulatorOf();

    await Promise.all([emulator.pause(), emulator.pause(), emulator.resume(), emulator.resume()]);
    await Promise.all([emulator.pause(), emulator.resume()]);

    await expect(put('x')).resolves.toMatchObject({ ShardId: SHARD });
  });

  it('lets iterators expire by its clock', async () => {
    const clock = new ManualClock();
    const { target } = await emulatorOf({ clock, iteratorExpiryMs: 1_000 });
    const iterator = await target.iterator({ StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST' });
    const read = () => target.client.send(new GetRecordsCommand({ ShardIterator: iterator }));

    clock.advance(1_000);
    await expect(read()).resolves.toMatchObject({ Records: [] });
    clock.advance(1);
    await expect(read()).rejects.toMatchObject({ name: 'ExpiredIteratorException', $metadata: { httpStatusCode: 400 } });
  });

  it('lets the token of a page of shards expire after 300 seconds', async () => {
    const clock = new ManualClock();
    const { target } = await emulatorOf({ clock, streams: { s: 2 } });
    const { NextToken: token } = await target.client.send(new ListShardsCommand({ StreamName: 's', MaxResults: 1 }));

    clock.advance(300_001);

    await expect(target.client.send(new ListShardsCommand({ NextToken: token }))).rejects.toMatchObject({
      name: 'ExpiredNextTokenException',
    });
  });

  it('knows no iterator of a deleted stream whose name is used again', async () => {
    const clock = new ManualClock();
    const { emulator, target } = await emulatorOf({ clock });
    const iterator = await target.iterator({ StreamName: 's', ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' });

    emulator.account.deleteStream(emulator.account.stream('s'));
    clock.advance(1);
    emulator.account.createStream({ name: 's', shardCount: 1 });

    await expect(target.client.send(new GetRecordsCommand({ ShardIterator: iterator }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('throttles single records by the quota of their shard', async () => {
    const { target } = await emulatorOf({ clock: new ManualClock(), quotas: true, streams: { s: 2 } });
    const putTo = (hashKey: string) =>
      target.client.send(
        new PutRecordsCommand({
          StreamName: 's',
          Records: Array.from({ length: 400 }, () => ({ PartitionKey: 'key', ExplicitHashKey: hashKey, Data: Buffer.from('x') })),
        }),
      );
    await putTo('0');
    await putTo('0');

    const third = await putTo('0');
    const other = await putTo(String(2n ** 127n));

    expect(third.FailedRecordCount).toBe(200);
    expect(third.Records![200]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard ${SHARD} in stream s under account 000000000000.`,
    });
    expect(other.FailedRecordCount).toBe(0);
  });

  it('lets a stream in on-demand mode grow by what is written to it', async () => {
    const { emulator, target } = await emulatorOf({ streams: {} });
    await target.client.send(new CreateStreamCommand({ StreamName: 's', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
    const records = Array.from({ length: 5 }, (_, index) => ({ PartitionKey: String(index), Data: Buffer.alloc(MIB / 2) }));

    await target.client.send(new PutRecordsCommand({ StreamName: 's', Records: records }));
    const { StreamDescriptionSummary: summary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));

    expect(summary).toMatchObject({ OpenShardCount: 8, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(emulator.records('s')).toHaveLength(5);
  });

  it('throttles a sixth read in a second', async () => {
    const clock = new ManualClock();
    const { target } = await emulatorOf({ clock, quotas: true });
    const iterator = await target.iterator({ StreamName: 's', ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' });
    const read = () => target.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (let call = 0; call < 5; call++) await read();

    await expect(read()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    clock.advance(200);
    await expect(read()).resolves.toMatchObject({ Records: [] });
  });

  it('refuses access keys that it was not told to accept', async () => {
    const { target } = await emulatorOf({ acceptedAccessKeyIds: ['somebody-else'] });

    await expect(target.client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('shows what it stores, past HTTP', async () => {
    const { emulator, put } = await emulatorOf({ clock: new ManualClock() });
    const { SequenceNumber: sequenceNumber } = await put('x');

    expect(emulator.records('s')).toEqual([
      { shardId: SHARD, sequenceNumber, partitionKey: 'key', data: Buffer.from('x'), arrivalMs: 1_700_000_000_000 },
    ]);
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };

    await expect(startKinesisEmulator({ port })).rejects.toMatchObject({
      code: 'ADDRESS_NOT_AVAILABLE',
      disposition: 'fatal',
      message: `kinesis emulator cannot listen at 127.0.0.1:${port}: the port is in use; stop what holds it or choose another port`,
    });
  });

  it('tells of every request', async () => {
    const seen: RequestObservation[] = [];
    const { emulator, put } = await emulatorOf({ clock: new ManualClock(), onRequest: (observation) => seen.push(observation) });
    await put('x');
    emulator.faults.once('PutRecord', { error: 'InternalFailure' });
    await put('x').catch(() => undefined);

    const request = {
      operation: 'PutRecord',
      stream: 's',
      accessKeyId: 'conformance',
      signedAtMs: expect.any(Number),
      atMs: 1_700_000_000_000,
      replyLost: false,
      records: 1,
    };
    expect(seen).toEqual([
      { ...request, error: undefined },
      { ...request, error: 'InternalFailure' },
    ]);
  });
});

/** An emulator with the stream `s`, quotas off unless asked for, and a client. */
async function emulatorOf(options: KinesisEmulatorOptions = {}) {
  const emulator = await startKinesisEmulator({ streams: { s: 1 }, quotas: false, seed: 1, ...options });
  const target = new KinesisTarget(emulator.endpoint);
  onTestFinished(async () => {
    target.close();
    await emulator[Symbol.asyncDispose]();
  });
  const put = (text: string) => target.client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'key', Data: Buffer.from(text) }));
  return { emulator, target, put };
}
