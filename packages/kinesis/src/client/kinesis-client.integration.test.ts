import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { CreateStreamCommand, DeregisterStreamConsumerCommand, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { describe, expect, it } from 'vitest';
import { describeKinesis } from '../testing/kinesis.conformance.ts';
import { describeKinesisPush, type KinesisPushUnderTest } from '../testing/push.conformance.ts';
import { describeSource, sourceUnderTest } from '../testing/source.conformance.ts';
import { createKinesisClient, type KinesisClientSettings } from './kinesis-client.ts';
import { createRequestHandler } from './request-handler.ts';

const settings = (endpoint: string) => ({
  region: 'eu-central-1',
  endpoint,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const TRANSPORTS = {
  'own sockets': () => ({}),
  'Node’s HTTP client': () => ({ requestHandler: createRequestHandler() }),
};

describe.each(['cbor', 'json'] as const)('in %s', (encoding) => {
  describe.each(Object.entries(TRANSPORTS))('over %s', (_, transport) => {
    describeKinesis('the client against the emulator', () => startUnderTest({ encoding, ...transport() }));
    describeKinesisPush('the client against the emulator', () => startUnderTest({ encoding, ...transport() }));
    describeSource('the client against the emulator', async () => sourceUnderTest(await startUnderTest({ encoding, ...transport() })));
  });
});

async function startUnderTest(encodingAndTransport: Partial<KinesisClientSettings>): Promise<KinesisPushUnderTest> {
  const emulator = await startKinesisEmulator({ quotas: false, takeOverAfterMs: 0 });
  const kinesis = createKinesisClient({ ...settings(emulator.endpoint), ...encodingAndTransport });
  return {
    kinesis,
    push: kinesis,
    async deregisterConsumer(consumerArn) {
      await kinesis.sdk.send(new DeregisterStreamConsumerCommand({ ConsumerARN: consumerArn }));
    },
    async expireSubscriptions(stream) {
      for (const subscription of emulator.subscriptions(stream)) subscription.end();
    },
    async createStream(stream, shardCount) {
      await kinesis.sdk.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shardCount }));
    },
    async splitShard(stream, shardId) {
      const { hashRange } = (await kinesis.listShards(stream)).find((shard) => shard.shardId === shardId)!;
      const middle = String((hashRange.start + hashRange.end) / 2n + 1n);
      await kinesis.sdk.send(new SplitShardCommand({ StreamName: stream, ShardToSplit: shardId, NewStartingHashKey: middle }));
    },
    async mergeShards(stream, shardId, adjacentShardId) {
      await kinesis.sdk.send(new MergeShardsCommand({ StreamName: stream, ShardToMerge: shardId, AdjacentShardToMerge: adjacentShardId }));
    },
    async [Symbol.asyncDispose]() {
      kinesis[Symbol.dispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}

describe.each(Object.entries(TRANSPORTS))('createKinesisClient over %s', (_, transport) => {
  const clientOf = (endpoint: string, more: Partial<KinesisClientSettings> = {}) =>
    createKinesisClient({ ...settings(endpoint), ...transport(), ...more });

  it('lists more shards than fit one reply', async () => {
    await using emulator = await startKinesisEmulator({ quotas: false, streams: { wide: 1_100 } });
    using kinesis = clientOf(emulator.endpoint);
    await expect(kinesis.listShards('wide')).resolves.toHaveLength(1_100);
  });

  it('ends a call that is not answered in time, and frees its connection', async () => {
    await using silent = await startSilentServer();
    using kinesis = clientOf(silent.endpoint, { timeoutMs: 500 });
    await expect(kinesis.describeStream('s')).rejects.toMatchObject({
      code: 'KINESIS_TIMEOUT',
      disposition: 'retry',
      details: { timeoutMs: 500 },
    });
    await silent.untilClosed();
  });

  it('ends a call whose answer breaks off in the middle of its body', async () => {
    await using silent = await startSilentServer(
      'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: 100\r\n\r\n{"Records":[',
    );
    using kinesis = clientOf(silent.endpoint, { timeoutMs: 500 });
    await expect(kinesis.getRecords({ stream: 's', shardId: 'a', iterator: 'i', limit: 1 })).rejects.toMatchObject({
      code: 'KINESIS_TIMEOUT',
    });
    await silent.untilClosed();
  });

  it('lets a reply take its time while parts of it come, and ends the call once none does', async () => {
    const reply = JSON.stringify({ Records: [], NextShardIterator: 'next', MillisBehindLatest: 0 });
    await using slow = await startSilentServer(`HTTP/1.1 200 OK\r\ncontent-length: ${reply.length}\r\n\r\n`, trickle(reply, 40));
    await using broken = await startSilentServer(`HTTP/1.1 200 OK\r\ncontent-length: ${reply.length}\r\n\r\n`, trickle(reply.slice(1), 0));
    using patient = clientOf(slow.endpoint, { timeoutMs: 2_000 });
    using impatient = clientOf(broken.endpoint, { timeoutMs: 500 });
    const input = { stream: 's', shardId: 'a', iterator: 'i', limit: 1 };

    const askedAt = performance.now();
    await expect(patient.getRecords(input)).resolves.toMatchObject({ nextIterator: 'next' });
    expect(performance.now() - askedAt).toBeGreaterThan(2_000);
    await expect(impatient.getRecords(input)).rejects.toMatchObject({ code: 'KINESIS_TIMEOUT' });
    await broken.untilClosed();
  });

  it('ends a call when its signal is aborted', async () => {
    await using silent = await startSilentServer();
    using kinesis = clientOf(silent.endpoint);
    const controller = new AbortController();
    const call = kinesis.putRecords({ stream: 's', records: [{ partitionKey: 'k', data: Buffer.from('x') }] }, controller.signal);
    await silent.untilAsked();
    controller.abort(new Error('lease lost'));
    await expect(call).rejects.toThrow('lease lost');
    await silent.untilClosed();
  });

  it('says that nobody listens', async () => {
    const server = await startSilentServer();
    await server[Symbol.asyncDispose]();
    using kinesis = clientOf(server.endpoint);
    await expect(kinesis.listShards('s')).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE', disposition: 'retry' });
  });

  it('takes a reply that is no JSON for a broken connection', async () => {
    const html = '<html>proxy</html>';
    await using server = await startSilentServer(`HTTP/1.1 200 OK\r\ncontent-length: ${html.length}\r\n\r\n${html}`);
    using kinesis = clientOf(server.endpoint);
    await expect(kinesis.getRecords({ stream: 's', shardId: 'a', iterator: 'i', limit: 1 })).rejects.toMatchObject({
      code: 'KINESIS_UNAVAILABLE',
    });
  });

  it('takes a reply without what was asked for as little for an answer', async () => {
    await using server = await startSilentServer(
      'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: 2\r\n\r\n{}',
    );
    using kinesis = clientOf(server.endpoint);
    const unavailable = { code: 'KINESIS_UNAVAILABLE', disposition: 'retry' };
    await expect(kinesis.getRecords({ stream: 's', shardId: 'a', iterator: 'i', limit: 1 })).rejects.toMatchObject(unavailable);
    await expect(kinesis.getShardIterator({ stream: 's', shardId: 'a', position: { type: 'LATEST' } })).rejects.toMatchObject(unavailable);
    await expect(kinesis.listShards('s')).rejects.toMatchObject(unavailable);
    await expect(kinesis.describeStream('s')).rejects.toMatchObject(unavailable);
    await expect(kinesis.putRecords({ stream: 's', records: [{ partitionKey: 'k', data: Buffer.from('x') }] })).rejects.toMatchObject(
      unavailable,
    );
  });

  it('does not repeat what failed', async () => {
    await using server = await startSilentServer('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n');
    using kinesis = clientOf(server.endpoint);
    await expect(kinesis.describeStream('s')).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
    expect(server.requests()).toBe(1);
  });
});

/** Writes a text a byte at a time, with a pause after each. */
const trickle = (text: string, pauseMs: number) => async (socket: Socket) => {
  for (const byte of text) {
    socket.write(byte);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

/** A server that answers each request with the given bytes, or not at all. */
async function startSilentServer(answer = '', follow: (socket: Socket) => Promise<void> = async () => undefined) {
  const closed = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('data', () => {
      requests++;
      asked.resolve();
      if (answer) socket.write(answer);
      void follow(socket);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => closed.resolve());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests: () => requests,
    untilAsked: () => asked.promise,
    untilClosed: () => closed.promise,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
