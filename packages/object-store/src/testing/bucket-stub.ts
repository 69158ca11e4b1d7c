import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Plays PutObject of S3 on loopback, with the bucket in the path. */
export interface BucketStub extends AsyncDisposable {
  readonly url: string;
  /** Path, which begins with the bucket, to data. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Path to the headers that came with the data. */
  readonly headers: ReadonlyMap<string, IncomingHttpHeaders>;
  /** Calls, those that were refused included. */
  readonly calls: number;
  /** How a call is refused; `undefined` where it is not. Tests change it as they go. */
  refuse: (path: string) => { readonly status: number; readonly code: string } | undefined;
}

export async function startBucketStub(): Promise<BucketStub> {
  const objects = new Map<string, Buffer>();
  const headers = new Map<string, IncomingHttpHeaders>();
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    stub.calls++;
    const path = decodeURIComponent(new URL(request.url!, 'http://stub').pathname);
    const { status, code } = stub.refuse(path) ?? {};
    if (status !== undefined) {
      response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as asked</Message></Error>`);
      return;
    }
    objects.set(path, body);
    headers.set(path, request.headers);
    response.writeHead(200, { etag: '"1"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub: BucketStub & { calls: number } = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ objects, headers, calls: 0, refuse: () => undefined },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}
