import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StartingPosition } from '../../ports.ts';
import { createKinesisClient } from '../kinesis-client.ts';
import { EventReader } from './event-reader.ts';

const FROM_THE_START: StartingPosition = { type: 'TRIM_HORIZON' };

describe('a subscription', () => {
  it('is given up when it falls silent', async () => {
    // Long enough for the first event to come, also on a slow machine.
    const { emulator, subscribe } = await shards(1, { silenceMs: 2_000 });
    const subscription = await subscribe(0);
    await subscription.arrival();
    await subscription.read();
    emulator.subscriptions('s')[0]!.hush();
    await expect(subscription.arrival()).rejects.toMatchObject({ code: 'KINESIS_TIMEOUT', disposition: 'retry' });
  });

  it('fails when its connection breaks off, and the next one begins on another', async () => {
    const { emulator, subscribe } = await shards(1);
    const subscription = await subscribe(0);
    await subscription.arrival();
    await subscription.read();
    const broken = expect(subscription.arrival()).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE', disposition: 'retry' });
    emulator.subscriptions('s')[0]!.reset();
    await broken;
    expect(await (await subscribe(0)).arrival()).toBeDefined();
  });

  it('that nobody reads holds up no other one of the same connection', async () => {
    const { kinesis, put, subscribe } = await shards(2);
    // Far more than the windows of the connection take.
    for (let request = 0; request < 4; request++) await put(0, 5 * 1024 * 1024);
    await subscribe(0);
    const other = await subscribe(1);
    await other.arrival();
    await other.read();
    await put(1, 100);
    await other.arrival();
    expect((await other.read()).byteSize).toBe(100);
    expect((await kinesis.describeStream('s')).openShardCount).toBe(2);
  });

  it('brings large events whole', async () => {
    const { put, subscribe } = await shards(1);
    await put(0, 1_000_000);
    await put(0, 900_000);
    const subscription = await subscribe(0);
    const sizes: number[] = [];
    for (let event = 0; event < 2; event++) {
      expect(await subscription.arrival()).toBeGreaterThan(900_000);
      sizes.push((await subscription.read()).byteSize);
    }
    expect(sizes).toEqual([1_000_000, 900_000]);
  });

  it('hands on together what has come, whole and in order', async () => {
    const { put, subscribe } = await shards(1);
    const subscription = await subscribe(0);
    await subscription.arrival();
    await subscription.read();
    for (let event = 1; event <= 20; event++) await put(0, event);
    const sizes: number[] = [];
    let pages = 0;
    while (sizes.length < 20) {
      await subscription.arrival();
      const page = await subscription.read(1_000_000);
      sizes.push(...Array.from(page.recordsAfter().take(), ({ data }) => data.length));
      expect(page.lastSequenceNumber).toBe(page.nextIterator);
      pages++;
    }
    expect(sizes).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(pages).toBeLessThan(20);
  });

  it('is not to be had where HTTP/2 is not spoken', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    using kinesis = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const input = { stream: 's', shardId: 'a', consumerArn: 'arn:aws:kinesis:eu-central-1:000000000000:stream/s/consumer/c:1' };
    await expect(kinesis.subscribeToShard({ ...input, position: FROM_THE_START })).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
  });

  it.each([
    ['no event stream', Buffer.from('<html>a proxy that is out of order</html>')],
    ['half a message', Buffer.from('000000', 'hex')],
    ['a message whose checksum is wrong', Buffer.from('000000100000000005c248eb00000000', 'hex')],
  ])('fails, to be tried again, on %s', async (_, bytes) => {
    const toError = (cause: unknown) => cause;
    const reader = new EventReader(Readable.from([bytes]), { stream: 's', shardId: 'a', silenceMs: 10_000, toError });
    await expect(reader.arrival()).rejects.toThrow(/expected|ended after/);
  });
});

const clientOf = (endpoint: string, more: { readonly silenceMs?: number } = {}) =>
  createKinesisClient({ region: 'eu-central-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, ...more });

/** A stream `s` of so many shards, with a consumer. */
async function shards(count: number, more: { readonly silenceMs?: number } = {}) {
  const emulator = await startKinesisEmulator({ quotas: false, takeOverAfterMs: 0, streams: { s: count } });
  const kinesis = clientOf(emulator.endpoint, more);
  onTestFinished(async () => {
    kinesis[Symbol.dispose]();
    await emulator[Symbol.asyncDispose]();
  });
  const { arn: consumerArn } = await kinesis.registerConsumer({ streamArn: emulator.account.arnOf('s'), name: 'app' });
  const listed = await kinesis.listShards('s');
  return {
    emulator,
    kinesis,
    subscribe: (shard: number) =>
      kinesis.subscribeToShard({ stream: 's', shardId: listed[shard]!.shardId, consumerArn, position: FROM_THE_START }),
    /** So many bytes, in records of at most 1 MB. */
    async put(shard: number, bytes: number) {
      const explicitHashKey = String(listed[shard]!.hashRange.start);
      const sizes = Array.from({ length: Math.ceil(bytes / 1_000_000) }, (_, index) => Math.min(1_000_000, bytes - index * 1_000_000));
      await kinesis.putRecords({
        stream: 's',
        records: sizes.map((size) => ({ partitionKey: 'k', explicitHashKey, data: Buffer.alloc(size) })),
      });
    },
  };
}
