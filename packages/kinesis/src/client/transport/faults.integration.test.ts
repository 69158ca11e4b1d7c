/** Our sockets against an emulator that does everything to a connection that networks do, in plain HTTP and over TLS. */
import { once } from 'node:events';
import { Agent } from 'node:https';
import { createServer } from 'node:tls';
import { type KinesisEmulator, type KinesisEmulatorOptions, selfSignedCertificate, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { randomFor } from '@sluice/testkit';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKinesisClient } from '../kinesis-client.ts';
import type { ConnectionSettings } from './open-socket.ts';

const STREAM = 's';
const SHARD = 'shardId-000000000000';
const WRITERS = 4;
const CALLS = 30;

const certificate = selfSignedCertificate(Date.now());

describe.each([
  ['plain HTTP', {}],
  ['TLS', { tls: certificate }],
])('over %s', (name, options) => {
  it('every record whose write was confirmed is there, and reads are whole, while connections are cut, reset and slow', async () => {
    const { emulator, client } = await emulatorAndClient(options);
    const { seed, next: random } = randomFor(`faults over ${name}`);
    const faults = { cutReplyRate: 0.15, lostReplyRate: 0.1, lostReply: 'reset', errorRate: 0.1 } as const;
    emulator.faults.set({ PutRecords: faults, GetRecords: { ...faults, bytesPerSecond: 200_000_000 } });
    const confirmed: string[] = [];
    const write = async (writer: number) => {
      for (let call = 0; call < CALLS; call++) {
        const sizes = Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.floor(random() ** 4 * 100_000));
        const texts = sizes.map((size, index) => `${writer}/${call}/${index} ${'x'.repeat(size)}`);
        const records = texts.map((text) => ({ partitionKey: text.split(' ')[0]!, data: Buffer.from(text) }));
        const answer = await client.putRecords({ stream: STREAM, records }).catch(expectUnavailable);
        if (answer) confirmed.push(...texts);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    const read = await readAll(client, emulator.records(STREAM).length);

    expect(confirmed.length, `seed ${seed}`).toBeGreaterThan(0);
    const stored = emulator.records(STREAM).map(({ data }) => data.toString());
    expect(new Set(stored).size, `seed ${seed}`).toBe(stored.length);
    const there = new Set(stored);
    expect(confirmed.filter((text) => !there.has(text)).length, `seed ${seed}`).toBe(0);
    expect(read.every((text, index) => text === stored[index]) && read.length === stored.length, `seed ${seed}`).toBe(true);
  });

  it('goes on with new connections after the endpoint was away', async () => {
    const { emulator, client } = await emulatorAndClient(options);
    const put = () => client.putRecords({ stream: STREAM, records: [{ partitionKey: 'k', data: Buffer.from('x') }] });
    await put();
    await emulator.pause();
    await expect(put()).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE' });
    await emulator.resume();
    await expect(put()).resolves.toMatchObject({ failedCount: 0 });
    expect(emulator.records(STREAM)).toHaveLength(2);
  });
});

describe('TLS', () => {
  it('is refused where nobody vouches for the certificate', async () => {
    const { client } = await emulatorAndClient({ tls: certificate }, {});
    await expect(client.putRecords({ stream: STREAM, records: [{ partitionKey: 'k', data: Buffer.from('x') }] })).rejects.toMatchObject({
      code: 'KINESIS_UNAVAILABLE',
      message: expect.stringContaining('self-signed certificate'),
    });
  });

  it('is agreed on with the name of the host and HTTP/1.1, and a second connection resumes the session of the first', async () => {
    const agreed: unknown[] = [];
    const server = createServer({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
      agreed.push([socket.servername, socket.alpnProtocol, socket.isSessionReused()]);
      socket.once('data', () => socket.end('HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'));
      socket.on('error', () => undefined);
    }).listen(0);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    using client = clientOf(`https://localhost:${port}`, { rejectUnauthorized: false });
    for (let call = 0; call < 2; call++)
      await client.getRecords({ stream: STREAM, shardId: SHARD, iterator: 'i', limit: 1 }).catch(expectUnavailable);
    expect(agreed).toEqual([
      ['localhost', 'http/1.1', false],
      ['localhost', 'http/1.1', true],
    ]);
  });
});

function expectUnavailable(error: unknown): undefined {
  expect(error).toMatchObject({ disposition: 'retry' });
}

async function readAll(client: ReturnType<typeof clientOf>, count: number): Promise<string[]> {
  const read: string[] = [];
  let iterator = await client.getShardIterator({ stream: STREAM, shardId: SHARD, position: { type: 'TRIM_HORIZON' } });
  while (read.length < count) {
    const page = await client.getRecords({ stream: STREAM, shardId: SHARD, iterator, limit: 100 }).catch(expectUnavailable);
    if (!page) continue;
    for (const { data } of page.recordsAfter().take()) read.push(Buffer.from(data).toString());
    iterator = page.nextIterator!;
  }
  return read;
}

function clientOf(endpoint: string, connections: Pick<ConnectionSettings, 'rejectUnauthorized'>) {
  const requestHandler = new NodeHttpHandler({ httpsAgent: new Agent(connections) });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return createKinesisClient({ region: 'us-east-1', endpoint, credentials, connections, requestHandler });
}

async function emulatorAndClient(
  options: KinesisEmulatorOptions,
  connections: Pick<ConnectionSettings, 'rejectUnauthorized'> = { rejectUnauthorized: false },
): Promise<{ readonly emulator: KinesisEmulator; readonly client: ReturnType<typeof clientOf> }> {
  const emulator = await startKinesisEmulator({ streams: { [STREAM]: 1 }, quotas: false, ...options });
  const client = clientOf(emulator.endpoint, connections);
  onTestFinished(async () => {
    client[Symbol.dispose]();
    await emulator[Symbol.asyncDispose]();
  });
  return { emulator, client };
}
