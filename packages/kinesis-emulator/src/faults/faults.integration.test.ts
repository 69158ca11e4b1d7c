import { once } from 'node:events';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  ListStreamsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisEmulator, type KinesisEmulatorOptions, startKinesisEmulator } from '../emulator.ts';
import { selfSignedCertificate } from '../http/certificate.ts';
import { KinesisTarget } from '../testing/target.ts';

/** Long enough for a machine ten times slower. */
const SOON = { timeout: 60_000 };

describe('faults', () => {
  it('stores the records of a request whose reply is lost to a reset', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.once('PutRecords', { lostReply: 'reset' });

    await expect(put(['a', 'b'])).rejects.toMatchObject({ code: 'ECONNRESET' });

    await expect(stored()).resolves.toEqual(['a', 'b']);
  });

  it('closes a connection in TLS whose reply is to be lost to a reset', async () => {
    const { emulator } = await emulatorOf({ tls: selfSignedCertificate(Date.now()) });
    emulator.faults.once('ListStreams', { lostReply: 'reset' });
    const headers = {
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      authorization: 'AWS4-HMAC-SHA256 Credential=key/x, SignedHeaders=host, Signature=0',
    };

    const asked = request(emulator.endpoint, { method: 'POST', headers, rejectUnauthorized: false }).end('{}');

    expect(await once(asked, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('stores the records of a request that is never answered', async () => {
    const { emulator, put, stored } = await emulatorOf();
    emulator.faults.once('PutRecords', { lostReply: 'hang' });

    const patience = new AbortController();
    const asked = expect(put(['a'], patience.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => emulator.records('s').length, SOON).toBe(1);
    patience.abort();

    await asked;
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

describe('a slow endpoint', () => {
  it('carries a request out before it lets the client wait', async () => {
    const clock = new ManualClock();
    const { emulator, put } = await emulatorOf({ clock });
    emulator.faults.once('PutRecords', { replyDelayMs: 3_500 });

    const request = put(['a']);
    await expect.poll(() => emulator.records('s').length, SOON).toBe(1);
    await expect.poll(() => emulator.requestsUnderWay, SOON).toBe(1);
    clock.advance(3_500);

    await expect(request).resolves.toMatchObject({ FailedRecordCount: 0 });
  });

  it('carries a request out after its client gave up', async () => {
    const clock = new ManualClock();
    const { emulator, put } = await emulatorOf({ clock });
    emulator.faults.once('PutRecords', { lateMs: 2_000 });

    await expect(put(['late'])).rejects.toMatchObject({ code: 'ECONNRESET' });
    await put(['a']);
    clock.advance(2_000);
    await expect.poll(() => emulator.requestsUnderWay, SOON).toBe(0);

    expect(emulator.records('s').map(({ data }) => data.toString())).toEqual(['a', 'late']);
  });

  it('never carries out what is late when it ends', async () => {
    const clock = new ManualClock();
    const { emulator, put } = await emulatorOf({ clock });
    emulator.faults.set({ '*': { lateRate: 1, lateMs: [1_000, 1_000] } });
    await expect(put(['late'])).rejects.toMatchObject({ code: 'ECONNRESET' });

    await emulator[Symbol.asyncDispose]();
    clock.advance(1_000);
    await expect.poll(() => emulator.requestsUnderWay, SOON).toBe(0);

    expect(emulator.records('s')).toEqual([]);
  });

  it('sends replies no faster than its bandwidth', async () => {
    const { emulator, put, page } = await emulatorOf();
    await put(['x'.repeat(6_000)]);
    emulator.faults.set({ GetRecords: { bytesPerSecond: 20_000 } });
    const start = performance.now();

    const { Records: records } = await page();

    expect(records![0]!.Data!.length).toBe(6_000);
    expect(performance.now() - start).toBeGreaterThanOrEqual(390); // 8,000 characters of base64
  });
});

describe('a reply that is cut', () => {
  it('ends after any byte of head or body', async () => {
    const { emulator } = await emulatorOf();
    emulator.faults.once('ListStreams', { cutReplyAfterBytes: Number.MAX_SAFE_INTEGER });
    const whole = await rawListStreams(emulator);
    expect(whole).toMatch(/^HTTP\/1.1 200 OK/);

    for (const bytes of [0, 1, 10, 100, whole.length - 1]) {
      emulator.faults.once('ListStreams', { cutReplyAfterBytes: bytes });
      expect(await rawListStreams(emulator)).toHaveLength(bytes);
    }
  });

  it('is an error for a client whose request was carried out', async () => {
    const { emulator, put, target } = await emulatorOf();
    emulator.faults.set({ '*': { cutReplyRate: 1 } });

    for (let request = 0; request < 20; request++) await expect(target.client.send(new ListStreamsCommand())).rejects.toThrow();
    await expect(put(['a'])).rejects.toThrow();

    expect(emulator.records('s')).toHaveLength(1);
  });
});

describe('credentials that are replaced', () => {
  it('are refused by their access key, and no others', async () => {
    const { emulator, put } = await emulatorOf();
    emulator.faults.refuseCredentials({ error: 'ExpiredTokenException', accessKeyId: 'conformance' });

    await expect(put(['a'])).rejects.toMatchObject({ name: 'ExpiredTokenException', $metadata: { httpStatusCode: 400 } });
    emulator.faults.set({ credentials: [{ error: 'ExpiredTokenException', accessKeyId: 'another' }] });

    await expect(put(['a'])).resolves.toMatchObject({ FailedRecordCount: 0 });
  });

  it('are refused for the next requests only, where it says so', async () => {
    const { emulator, put } = await emulatorOf({ faults: { credentials: [{ error: 'InvalidSignatureException', times: 2 }] } });

    for (const text of ['a', 'b']) await expect(put([text])).rejects.toMatchObject({ name: 'InvalidSignatureException' });

    await put(['c']);
    expect(emulator.records('s').map(({ data }) => data.toString())).toEqual(['c']);
  });
});

describe('a control plane that lags', () => {
  it('shows the shards before a split, and has no iterator for a child, until the lag is over', async () => {
    const clock = new ManualClock();
    const { target, split } = await emulatorOf({ clock, faults: { controlPlane: { lagMs: 1_000 } } });
    await split();
    const seen = async () => {
      const { StreamDescription: stream } = await target.client.send(new DescribeStreamCommand({ StreamName: 's' }));
      const { StreamDescriptionSummary: summary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
      return {
        listed: (await target.shards('s')).map(({ ShardId: id }) => id),
        ended: stream!.Shards!.filter((shard) => shard.SequenceNumberRange!.EndingSequenceNumber !== undefined).length,
        described: stream!.Shards!.length,
        open: summary!.OpenShardCount,
      };
    };

    expect(await seen()).toEqual({ listed: [SHARD], ended: 0, described: 1, open: 1 });
    await expect(target.page({ StreamName: 's', ShardId: CHILD })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { NextShardIterator: next, ChildShards: children } = await target.page({ StreamName: 's', ShardId: SHARD });
    expect([next, children?.length]).toEqual([undefined, 2]);

    clock.advance(1_000);
    expect(await seen()).toEqual({ listed: [SHARD, CHILD, 'shardId-000000000002'], ended: 1, described: 3, open: 2 });
    await expect(target.page({ StreamName: 's', ShardId: CHILD })).resolves.toMatchObject({ Records: [] });
  });

  it('does not know of one shard for a number of answers', async () => {
    const { emulator, target, split } = await emulatorOf();
    await split();
    emulator.faults.hideShard({ shardId: CHILD, lists: 2, iterators: 1 });
    const lists = async () => (await target.shards('s')).some(({ ShardId: id }) => id === CHILD);
    const gives = () =>
      target.page({ StreamName: 's', ShardId: CHILD }).then(
        () => 'an iterator',
        (error: Error) => error.name,
      );

    expect([await lists(), await lists(), await lists()]).toEqual([false, false, true]);
    expect([await gives(), await gives()]).toEqual(['ResourceNotFoundException', 'an iterator']);
  });
});

const SHARD = 'shardId-000000000000';
const CHILD = 'shardId-000000000001';

/** All that a connection yields for one request, until it ends. */
async function rawListStreams({ host, port }: KinesisEmulator): Promise<string> {
  const socket = connect(port, host);
  const lines = [
    'POST / HTTP/1.1',
    'host: emulator',
    'x-amz-target: Kinesis_20131202.ListStreams',
    'authorization: AWS4-HMAC-SHA256 Credential=key/x, SignedHeaders=host, Signature=0',
    'connection: close',
    'content-length: 2',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n{}`);
  return await text(socket);
}

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
  const page = () => target.page({ StreamName: 's' });
  const split = () =>
    target.client.send(new SplitShardCommand({ StreamName: 's', ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) }));
  return { emulator, target, put, stored, page, split };
}
