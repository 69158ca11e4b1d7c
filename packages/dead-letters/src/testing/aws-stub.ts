import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { silentLogger, systemClock } from '@sluice/core';
import { type AwsClientSettings, createAwsClientSettings } from '@sluice/credentials';

/** What the stub holds and how it answers; tests change it as they go. */
export interface AwsStub extends AsyncDisposable {
  readonly url: string;
  /** Path to body. */
  readonly objects: Map<string, string>;
  readonly messages: SqsMessage[];
  /** Calls to SQS, with the number of messages in each. */
  readonly batches: number[];
  /** While set, every call is refused with it. */
  refuseWith: { readonly status: number; readonly code: string } | undefined;
  /** How a message is refused by itself; `undefined` where it is taken. */
  refuseMessage: (body: string) => { readonly code: string; readonly isOurs: boolean } | undefined;
}

interface SqsMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly group?: string;
  readonly deduplication?: string;
}

interface SqsEntry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** Plays SQS (SendMessageBatch) and S3 (PutObject) on loopback. */
export async function startAwsStub(): Promise<AwsStub> {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const isSqs = request.headers['x-amz-target'] !== undefined;
    if (stub.refuseWith) return refuse(response, stub.refuseWith, isSqs);
    if (isSqs) return sendBatch(response, JSON.parse(body.toString()) as { Entries: SqsEntry[] });
    stub.objects.set(decodeURIComponent(new URL(request.url!, 'http://stub').pathname), body.toString());
    response.writeHead(200, { etag: '"1"' }).end();
  });
  const sendBatch = (response: ServerResponse, { Entries: entries }: { Entries: SqsEntry[] }) => {
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
  const stub: AwsStub = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    ...{ objects: new Map(), messages: [], batches: [], refuseWith: undefined, refuseMessage: () => undefined },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}

/** Settings for a client of the stub, or of anything else on loopback. */
export const settingsFor = (endpoint: string): Promise<AwsClientSettings> => {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  return createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger });
};

const toMessage = ({ MessageBody: body, MessageAttributes: attributes, ...fifo }: SqsEntry): SqsMessage => ({
  body,
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue])),
  ...(fifo.MessageGroupId !== undefined && { group: fifo.MessageGroupId }),
  ...(fifo.MessageDeduplicationId !== undefined && { deduplication: fifo.MessageDeduplicationId }),
});

function refuse(response: ServerResponse, { status, code }: { readonly status: number; readonly code: string }, isSqs: boolean): void {
  if (isSqs)
    response.writeHead(status, { 'x-amzn-query-error': `${code};Sender` }).end(JSON.stringify({ __type: code, message: 'as asked' }));
  else response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as asked</Message></Error>`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
