import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Input, ServiceFailure, TableStream } from './table-stream.ts';

/** Plays the stream of a DynamoDB table on loopback: DescribeStream, GetShardIterator and GetRecords. */
export interface TableStub extends AsyncDisposable {
  readonly url: string;
  readonly stream: TableStream;
}

export async function startTableStub(table = 'orders', shardCount = 1): Promise<TableStub> {
  const stream = new TableStream(table, shardCount);
  const operations: Readonly<Record<string, (input: Input) => object>> = {
    DescribeStream: (input) => stream.describe(input),
    GetShardIterator: (input) => stream.iteratorAt(input),
    GetRecords: (input) => stream.records(input),
  };
  const server = createServer(async (request, response) => {
    const run = operations[String(request.headers['x-amz-target']).replace('DynamoDBStreams_20120810.', '')];
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    try {
      if (!run) throw new ServiceFailure('UnknownOperationException');
      response.end(JSON.stringify(run((await json(request)) as Input)));
    } catch (error) {
      const { name, message } = error as Error;
      response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stream,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
