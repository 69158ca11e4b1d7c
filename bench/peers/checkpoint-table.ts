/** As much of DynamoDB as one Benthos needs to keep the checkpoints of the shards that it reads. Every condition holds: nobody else writes. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Item = Record<string, { readonly S: string }>;

interface Call {
  readonly Key?: Item;
  readonly Item?: Item;
  /** `SET a = :b, c = :d`. */
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

export interface CheckpointTable extends AsyncDisposable {
  readonly url: string;
}

export async function startCheckpointTable(): Promise<CheckpointTable> {
  const rows = new Map<string, Item>();
  const server = createServer(async (request, response) => {
    const reply = answer(rows, operationOf(request), (await json(request)) as Call);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const operationOf = ({ headers }: IncomingMessage): string => String(headers['x-amz-target']).split('.')[1]!;

function answer(rows: Map<string, Item>, operation: string, { Key, Item, UpdateExpression = '', ExpressionAttributeValues }: Call): object {
  const keyOf = ({ StreamID, ShardID }: Item) => `${StreamID!.S} ${ShardID!.S}`;
  switch (operation) {
    case 'DescribeTable':
      return { Table: { TableStatus: 'ACTIVE' } };
    case 'Scan':
      return { Items: [...rows.values()] };
    case 'PutItem':
      rows.set(keyOf(Item!), Item!);
      return {};
    case 'UpdateItem': {
      const before = rows.get(keyOf(Key!));
      const set = [...UpdateExpression.matchAll(/(\w+) = (:\w+)/g)].map(([, name, value]) => [name!, ExpressionAttributeValues![value!]!]);
      rows.set(keyOf(Key!), { ...before, ...Key, ...Object.fromEntries(set) });
      return before ? { Attributes: before } : {};
    }
    default:
      throw new Error(`expected an operation that a reader of checkpoints needs, got ${operation}`);
  }
}
