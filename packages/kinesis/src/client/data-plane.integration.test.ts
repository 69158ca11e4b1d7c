import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { SluiceRecord } from '@sluice/core';
import { cbor } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import type { RecordPage } from '../page/record-page.ts';
import { createKinesisClient, type KinesisClientSettings } from './kinesis-client.ts';
import { createRequestHandler } from './request-handler.ts';

const CBOR = 'application/x-amz-cbor-1.1';
const JSON_TYPE = 'application/x-amz-json-1.1';
const STORED = { FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: 'shard' }] };
const PUT = { stream: 'out', records: [{ partitionKey: 'k', data: Buffer.from('x') }] };

const TRANSPORTS = {
  'own sockets': () => ({}),
  'Node’s HTTP client': () => ({ requestHandler: createRequestHandler() }),
};

describe.each(Object.entries(TRANSPORTS))('the data plane over %s', (_, transport) => {
  const clientOf = (settings: KinesisClientSettings) => createKinesisClient({ ...settings, ...transport() });

  it('goes over to JSON for good where an endpoint does not understand CBOR, and asks first whether it may send again', async () => {
    await using server = await startServer(({ 'content-type': type }, reply) => {
      if (type === CBOR) send(reply, 400, JSON_TYPE, JSON.stringify({ __type: 'SerializationException' }));
      else send(reply, 200, JSON_TYPE, JSON.stringify(STORED));
    });
    using kinesis = clientOf(server.settings);
    let asked = 0;
    await expect(kinesis.putRecords({ ...PUT, canSend: () => ++asked > 0 })).resolves.toMatchObject({ failedCount: 0 });
    await kinesis.putRecords(PUT);
    expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([CBOR, JSON_TYPE, JSON_TYPE]);
    expect(asked).toBe(2);
  });

  it.each([
    ['a proxy', 415, 'text/html', '<html>'],
    ['a server of another API', 404, 'text/plain', 'not found'],
  ])('asks %s in JSON once, and says what that answered', async (_, status, type, body) => {
    await using server = await startServer((_headers, reply) => send(reply, status, type, body));
    using kinesis = clientOf(server.settings);
    await expect(kinesis.putRecords(PUT)).rejects.toMatchObject({ code: 'KINESIS_REFUSED' });
    expect(server.requests).toHaveLength(2);
    await expect(kinesis.putRecords(PUT)).rejects.toMatchObject({ code: 'KINESIS_REFUSED' });
    expect(server.requests.map(({ headers }) => headers['content-type'])).toEqual([CBOR, JSON_TYPE, CBOR, JSON_TYPE]);
  });

  it.each([
    [
      'a named error',
      400,
      CBOR,
      cbor.serialize({ __type: 'ProvisionedThroughputExceededException', message: 'slow' }),
      'KINESIS_THROTTLED',
    ],
    ['one in JSON', 400, JSON_TYPE, JSON.stringify({ __type: 'ResourceNotFoundException', message: 'none' }), 'STREAM_NOT_FOUND'],
    ['a failure of the service', 500, 'text/html', '<html>', 'KINESIS_UNAVAILABLE'],
  ])('asks once where the answer is %s', async (_, status, type, body, code) => {
    await using server = await startServer((_headers, reply) => send(reply, status, type, body));
    using kinesis = clientOf(server.settings);
    await expect(kinesis.putRecords(PUT)).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });

  it('keeps a page as it came until it is released, and uses its memory again then', async () => {
    let round = 0;
    await using server = await startServer((_, reply) => {
      round++;
      const Records = [{ SequenceNumber: String(round), Data: Buffer.alloc(300_000, `${round} `), PartitionKey: `key-${round}` }];
      send(reply, 200, CBOR, cbor.serialize({ Records, NextShardIterator: 'next' }));
    });
    using kinesis = clientOf(server.settings);
    const pages: { readonly page: RecordPage; readonly record: SluiceRecord; readonly memory: ArrayBufferLike }[] = [];
    for (let read = 0; read < 4; read++) {
      const page = await kinesis.getRecords({ stream: 's', shardId: 'shard', iterator: 'i', limit: 10 });
      const record = page.recordsAfter().take().at(0)!;
      pages.push({ page, record, memory: record.data.buffer });
      if (read === 2) pages[0]!.page.release();
    }
    expect(pages.map(({ memory }) => pages.findIndex((other) => other.memory === memory))).toEqual([0, 1, 2, 0]);
    for (const [index, { record }] of pages.entries()) {
      if (index > 0) expect(record).toMatchObject({ partitionKey: `key-${index + 1}`, data: Buffer.alloc(300_000, `${index + 1} `) });
    }
    expect(() => pages[0]!.page.recordsAfter().take().at(0)).toThrow('memory was given back');
  });

  it('takes the name of an error from its header', async () => {
    await using server = await startServer((_, reply) => {
      reply.setHeader('x-amzn-errortype', 'KMSDisabledException:http://internal.amazon.com/');
      send(reply, 400, CBOR, cbor.serialize({ message: 'the key is disabled' }));
    });
    using kinesis = clientOf(server.settings);
    await expect(kinesis.putRecords(PUT)).rejects.toThrow('the key is disabled');
  });

  it('signs by the clock of the service once that refused the time, and does not take it for refused credentials', async () => {
    const serviceTime = Date.UTC(2030, 0, 1);
    await using server = await startServer(({ 'x-amz-date': date }, reply) => {
      reply.setHeader('date', new Date(serviceTime).toUTCString());
      if (String(date).startsWith('2030')) send(reply, 200, CBOR, cbor.serialize(STORED));
      else send(reply, 400, CBOR, cbor.serialize({ __type: 'InvalidSignatureException', message: 'Signature expired: now is later' }));
    });
    let refused = 0;
    const credentials = Object.assign(async () => KEY, { memoized: true as const, refused: () => void refused++ });
    using kinesis = clientOf({ ...server.settings, credentials });
    await expect(kinesis.putRecords(PUT)).rejects.toMatchObject({ code: 'KINESIS_UNAVAILABLE', disposition: 'retry' });
    await expect(kinesis.putRecords(PUT)).resolves.toMatchObject({ failedCount: 0 });
    expect(refused).toBe(0);
  });

  it('says that credentials were refused, and asks for them anew each time', async () => {
    await using server = await startServer((_, reply) => send(reply, 400, CBOR, cbor.serialize({ __type: 'ExpiredTokenException' })));
    const tokens = ['first', 'second'];
    let refused = 0;
    const load = async () => ({ ...KEY, sessionToken: tokens[refused]! });
    using kinesis = clientOf({
      ...server.settings,
      credentials: Object.assign(load, { memoized: true as const, refused: () => void refused++ }),
    });
    await expect(kinesis.putRecords(PUT)).rejects.toMatchObject({ code: 'KINESIS_CREDENTIALS_EXPIRED' });
    await kinesis.putRecords(PUT).catch(() => undefined);
    expect(server.requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(tokens);
  });

  it('reads a reply whose length is not told, and says who it is', async () => {
    await using server = await startServer((_, reply) => {
      reply.writeHead(200, { 'content-type': CBOR });
      reply.write(cbor.serialize(STORED).subarray(0, 5));
      reply.end(cbor.serialize(STORED).subarray(5));
    });
    using kinesis = clientOf({ ...server.settings, customUserAgent: 'my-app sluice' });
    await expect(kinesis.putRecords(PUT)).resolves.toMatchObject({ failedCount: 0 });
    expect(server.requests[0]!.headers['user-agent']).toBe('my-app sluice');
  });

  it('sends to a path of the endpoint, and to the endpoint of an ARN', async () => {
    await using server = await startServer((_, reply) => send(reply, 200, CBOR, cbor.serialize(STORED)));
    using kinesis = clientOf({ ...server.settings, endpoint: `${server.settings.endpoint}/kinesis` });
    await kinesis.putRecords({ ...PUT, stream: 'arn:aws:kinesis:eu-central-1:000000000000:stream/out' });
    expect(server.requests.map(({ url }) => url)).toEqual(['/kinesis/']);
  });
});

const KEY = { accessKeyId: 'test', secretAccessKey: 'test' };

function send(reply: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  reply.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function startServer(answer: (headers: IncomingHttpHeaders, reply: ServerResponse) => void) {
  const requests: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, reply) => {
    requests.push({ url: request.url, headers: request.headers });
    request.resume().on('end', () => answer(request.headers, reply));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    requests,
    settings: { region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}`, credentials: KEY },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
