import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TableRow } from '../scan-table.ts';

const PAGE_ROWS = 2;

/** Plays Scan of DynamoDB on loopback: a table, two rows a page. */
export interface TableStub extends AsyncDisposable {
  readonly url: string;
  /** Calls, those that were refused included. */
  readonly calls: number;
}

export async function startTableStub(tables: Readonly<Record<string, readonly TableRow[]>>): Promise<TableStub> {
  const server = createServer(async (request, response) => {
    stub.calls++;
    const { TableName, ConsistentRead, ExclusiveStartKey } = (await json(request)) as {
      readonly TableName: string;
      readonly ConsistentRead?: boolean;
      readonly ExclusiveStartKey?: { readonly row: { readonly N: string } };
    };
    const rows = tables[TableName];
    const isScan = request.headers['x-amz-target'] === 'DynamoDB_20120810.Scan' && ConsistentRead === true;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (!rows || !isScan) {
      const type = `com.amazonaws.dynamodb.v20120810#${isScan ? 'ResourceNotFoundException' : 'ValidationException'}`;
      response.writeHead(400).end(JSON.stringify({ __type: type, message: 'Requested resource not found' }));
      return;
    }
    const from = Number(ExclusiveStartKey?.row.N ?? 0);
    const next = from + PAGE_ROWS;
    const more = next < rows.length && { LastEvaluatedKey: { row: { N: String(next) } } };
    response.end(JSON.stringify({ Items: rows.slice(from, next), ...more }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}
