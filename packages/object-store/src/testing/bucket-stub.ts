import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Plays PutObject of S3 on loopback, with the bucket in the path. */
export interface BucketStub extends AsyncDisposable {
  readonly url: string;
  /** Path, which begins with the bucket, to data. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Calls, those that were refused included. */
  readonly calls: number;
  /** While set, every call is refused with this code and status 503. */
  refuseWith: string | undefined;
}

export async function startBucketStub(): Promise<BucketStub> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    stub.calls++;
    if (stub.refuseWith !== undefined) {
      response.writeHead(503).end(`<?xml version="1.0"?><Error><Code>${stub.refuseWith}</Code><Message>as asked</Message></Error>`);
      return;
    }
    objects.set(decodeURIComponent(new URL(request.url!, 'http://stub').pathname), body);
    response.writeHead(200, { etag: '"1"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    calls: 0,
    refuseWith: undefined as string | undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}
