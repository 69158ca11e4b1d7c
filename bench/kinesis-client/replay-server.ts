/**
 * Answers every request at once with a reply that was prepared, in the encoding of the request: a Kinesis that costs next to nothing, so that
 * what is measured is the client.
 */
import { createServer } from 'node:http';
import { cbor, tag } from '@smithy/core/cbor';

const [, , recordsText = '500', bytesText = '200'] = process.argv;
const [records, bytes] = [Number(recordsText), Number(bytesText)];

const data = Buffer.alloc(bytes, 'sluice ');
const SEQUENCE = 49_590_338_271_490_256n;
const CBOR = 'application/x-amz-cbor-1.1';

const encodings = {
  'application/x-amz-json-1.1': {
    write: (reply: object) => Buffer.from(JSON.stringify(reply)),
    data: data.toString('base64'),
    time: 1_700_000_000.123 as unknown,
  },
  [CBOR]: {
    write: (reply: object) => Buffer.from(cbor.serialize(reply)),
    data: new Uint8Array(data),
    time: tag({ tag: 1, value: 1_700_000_000_123 }) as unknown,
  },
};

type Reply = Readonly<Record<string, Buffer>>;

const prepared = new Map<string, Reply>(
  Object.entries(encodings).map(([type, { write, data, time }]) => {
    const sequenceNumber = (index: number) => `${SEQUENCE + BigInt(index)}608559692538361571095921575989136588898`;
    const put = {
      FailedRecordCount: 0,
      Records: Array.from({ length: records }, (_, index) => ({ SequenceNumber: sequenceNumber(index), ShardId: 'shardId-000000000000' })),
    };
    const get = {
      Records: Array.from({ length: records }, (_, index) => ({
        ApproximateArrivalTimestamp: time,
        Data: data,
        EncryptionType: 'NONE',
        PartitionKey: `key-${index}`,
        SequenceNumber: sequenceNumber(index),
      })),
      NextShardIterator: 'AAAAAAAAAAH'.repeat(20),
      MillisBehindLatest: 0,
    };
    return [type, { PutRecords: write(put), GetRecords: write(get) }];
  }),
);

const server = createServer((request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const type = String(request.headers['content-type']);
  request.resume().on('end', () => {
    const reply = prepared.get(type)![operation]!;
    response.writeHead(200, { 'content-type': type, 'content-length': reply.byteLength }).end(reply);
  });
}).listen(0, '127.0.0.1', () => process.send!((server.address() as { port: number }).port));
// Candidates wait for their turn longer than a server usually keeps a connection.
server.keepAliveTimeout = 0;
process.on('disconnect', () => process.exit(0));
