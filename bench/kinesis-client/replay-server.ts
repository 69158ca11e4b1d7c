/** Answers every request at once with a reply that was prepared: a Kinesis that costs next to nothing, so that what is measured is the client. */
import { createServer } from 'node:http';

const [, , recordsText = '500', bytesText = '200'] = process.argv;
const [records, bytes] = [Number(recordsText), Number(bytesText)];

const data = Buffer.alloc(bytes, 'sluice ').toString('base64');
const SEQUENCE = 49_590_338_271_490_256n;

const replies: Readonly<Record<string, Buffer>> = {
  PutRecords: Buffer.from(
    JSON.stringify({
      FailedRecordCount: 0,
      Records: Array.from({ length: records }, (_, index) => ({
        SequenceNumber: `${SEQUENCE + BigInt(index)}608559692538361571095921575989136588898`,
        ShardId: 'shardId-000000000000',
      })),
    }),
  ),
  GetRecords: Buffer.from(
    JSON.stringify({
      Records: Array.from({ length: records }, (_, index) => ({
        ApproximateArrivalTimestamp: 1_700_000_000.123,
        Data: data,
        EncryptionType: 'NONE',
        PartitionKey: `key-${index}`,
        SequenceNumber: `${SEQUENCE + BigInt(index)}608559692538361571095921575989136588898`,
      })),
      NextShardIterator: 'AAAAAAAAAAH'.repeat(20),
      MillisBehindLatest: 0,
    }),
  ),
};

const server = createServer((request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  request.resume().on('end', () => {
    const reply = replies[operation]!;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': reply.byteLength }).end(reply);
  });
}).listen(0, '127.0.0.1', () => process.send!((server.address() as { port: number }).port));
process.on('disconnect', () => process.exit(0));
