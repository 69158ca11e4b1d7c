import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Plays SendMessageBatch of SQS on loopback, for a queue of any URL. */
export interface QueueStub extends AsyncDisposable {
  readonly url: string;
  readonly messages: StoredMessage[];
  /** Calls that were answered, with the number of messages in each. */
  readonly batches: number[];
  /** How a call is refused as a whole; `undefined` where it is not. Tests change it as they go. */
  refuseCall: (bodies: readonly string[]) => { readonly status: number; readonly code: string } | undefined;
  /** How a message is refused by itself; `undefined` where it is taken. Tests change it as they go. */
  refuseMessage: (body: string) => { readonly code: string; readonly isOurs: boolean } | undefined;
}

export interface StoredMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly group?: string;
  readonly deduplication?: string;
  readonly delaySeconds?: number;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
  readonly DelaySeconds?: number;
}

export async function startQueueStub(): Promise<QueueStub> {
  const server = createServer(async (request, response) => {
    const { Entries: entries } = (await json(request)) as { readonly Entries: readonly Entry[] };
    const refusal = stub.refuseCall(entries.map(({ MessageBody }) => MessageBody));
    if (refusal) refuse(response, refusal);
    else take(response, entries);
  });
  const take = (response: ServerResponse, entries: readonly Entry[]) => {
    stub.batches.push(entries.length);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of entries) {
      const refusal = stub.refuseMessage(entry.MessageBody);
      if (refusal) Failed.push({ Id: entry.Id, Code: refusal.code, Message: 'as asked', SenderFault: refusal.isOurs });
      else {
        stub.messages.push(toMessage(entry));
        const MD5OfMessageBody = createHash('md5').update(entry.MessageBody).digest('hex');
        Successful.push({ Id: entry.Id, MessageId: String(stub.messages.length), MD5OfMessageBody });
      }
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ Successful, Failed }));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub: QueueStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ messages: [], batches: [], refuseCall: () => undefined, refuseMessage: () => undefined },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}

const toMessage = ({ MessageBody: body, MessageAttributes: attributes = {}, ...others }: Entry): StoredMessage => ({
  body,
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
  ...(others.MessageGroupId !== undefined && { group: others.MessageGroupId }),
  ...(others.MessageDeduplicationId !== undefined && { deduplication: others.MessageDeduplicationId }),
  ...(others.DelaySeconds !== undefined && { delaySeconds: others.DelaySeconds }),
});

const refuse = (response: ServerResponse, { status, code }: { readonly status: number; readonly code: string }) =>
  response.writeHead(status, { 'x-amzn-query-error': `${code};Sender` }).end(JSON.stringify({ __type: code, message: 'as asked' }));
