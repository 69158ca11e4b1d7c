/** Plays the stream of a DynamoDB table on loopback: DescribeStream, GetShardIterator and GetRecords, with iterators that are places. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

const CREATED_AT_S = 1_700_000_000;
/** Shards that DescribeStream names at once. */
const SHARDS_PER_PAGE = 2;

export interface TableStub extends AsyncDisposable {
  readonly url: string;
  readonly arn: string;
  /** Writes an item with that key to an open shard and answers its sequence number. */
  write(shardId: string, id: string, attributes?: Readonly<Record<string, unknown>>, atSeconds?: number): string;
  /** Closes a shard, as the service does every few hours, and answers its child. */
  rollOver(shardId: string): string;
  /** Drops all records of a shard up to and with that one. */
  trim(shardId: string, sequenceNumber: string): void;
}

interface StubShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly start: string;
  readonly records: { readonly number: string; readonly record: object }[];
  trimmed: string;
  end: string | undefined;
}

type Input = Readonly<Record<string, string | number | undefined>>;

class ServiceFailure extends Error {
  constructor(name: string) {
    super('as asked');
    this.name = name;
  }
}

export async function startTableStub(table = 'orders', shardCount = 1): Promise<TableStub> {
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-01-31T12:00:00.000`;
  const shards: StubShard[] = [];
  let last = 100_000_000_000_000_000_000n;
  const nextNumber = () => String((last += 1_000n));
  const add = (parent?: string): StubShard => {
    const id = `shardId-${String(1_700_000_000_000 + shards.length).padStart(20, '0')}-${String(shards.length).padStart(8, '0')}`;
    const shard: StubShard = { id, parent, start: nextNumber(), records: [], trimmed: '', end: undefined };
    shards.push(shard);
    return shard;
  };
  for (let index = 0; index < shardCount; index++) add();
  const shardOf = (id: unknown): StubShard => shards.find((shard) => shard.id === id) ?? fail('ResourceNotFoundException');

  const operations: Readonly<Record<string, (input: Input) => object>> = {
    DescribeStream({ StreamArn, ExclusiveStartShardId }) {
      if (StreamArn !== arn) fail('ResourceNotFoundException');
      const from = shards.findIndex(({ id }) => id === ExclusiveStartShardId) + 1;
      const page = shards.slice(from, from + SHARDS_PER_PAGE);
      return {
        StreamDescription: {
          ...{ StreamArn: arn, TableName: table, StreamStatus: 'ENABLED', CreationRequestDateTime: CREATED_AT_S },
          KeySchema: [
            { AttributeName: 'id', KeyType: 'HASH' },
            { AttributeName: 'line', KeyType: 'RANGE' },
          ],
          Shards: page.map(({ id, parent, start, end }) => ({
            ...{ ShardId: id, ParentShardId: parent },
            SequenceNumberRange: { StartingSequenceNumber: start, EndingSequenceNumber: end },
          })),
          ...(from + SHARDS_PER_PAGE < shards.length && { LastEvaluatedShardId: page.at(-1)!.id }),
        },
      };
    },
    GetShardIterator({ ShardId, ShardIteratorType, SequenceNumber = '' }) {
      const { id, records, trimmed } = shardOf(ShardId);
      const number = String(SequenceNumber);
      if (number !== '' && number <= trimmed) fail('TrimmedDataAccessException');
      const at = records.findIndex((record) => (ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' ? record.number > number : record.number >= number));
      const place = ShardIteratorType === 'LATEST' || at < 0 ? records.length : at;
      return { ShardIterator: `${id} ${ShardIteratorType === 'TRIM_HORIZON' ? 0 : place}` };
    },
    GetRecords({ ShardIterator, Limit = 1_000 }) {
      const [id, place] = String(ShardIterator).split(' ');
      if (Number(Limit) > 1_000) fail('ValidationException');
      const { records, trimmed, end } = shardOf(id);
      const left = records.findIndex(({ number }) => number > trimmed);
      if (Number(place) > 0 && Number(place) < left) fail('TrimmedDataAccessException');
      const from = Math.max(Number(place), left);
      const page = records.slice(from, from + Number(Limit));
      const isEnd = end !== undefined && from + page.length >= records.length;
      return { Records: page.map(({ record }) => record), ...(!isEnd && { NextShardIterator: `${id} ${from + page.length}` }) };
    },
  };

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    try {
      response.end(JSON.stringify((operations[operation] ?? fail('UnknownOperationException'))((await json(request)) as Input)));
    } catch (error) {
      const { name, message } = error as Error;
      response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arn,
    write(shardId, id, attributes = {}, atSeconds = CREATED_AT_S) {
      const number = nextNumber();
      const keys = { id: { S: id }, line: { N: '1' } };
      const change = { ApproximateCreationDateTime: atSeconds, Keys: keys, NewImage: { ...keys, ...attributes }, SequenceNumber: number };
      const record = { eventID: number, eventName: 'INSERT', eventSource: 'aws:dynamodb', awsRegion: 'us-east-1' };
      shardOf(shardId).records.push({ number, record: { ...record, dynamodb: { ...change, StreamViewType: 'NEW_IMAGE' } } });
      return number;
    },
    rollOver(shardId) {
      shardOf(shardId).end = nextNumber();
      return add(shardId).id;
    },
    trim(shardId, sequenceNumber) {
      shardOf(shardId).trimmed = sequenceNumber;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function fail(name: string): never {
  throw new ServiceFailure(name);
}
