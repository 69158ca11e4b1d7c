import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { describe, expect, it } from 'vitest';
import { openObjectStore } from './object-store.ts';
import { startBucketStub } from './testing/bucket-stub.ts';

const { signal } = new AbortController();

describe('a bucket', () => {
  it('holds what was put, byte by byte, and replaces an object of the same key', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    await store.put('x/a b', Buffer.from('old'), 'text/plain', signal);
    const data = Buffer.from([0, 255, 10, 128]);
    await store.put('x/a b', data, 'application/octet-stream', signal);
    expect([...stub.objects]).toEqual([['/b/x/a b', data]]);
  });

  it('says why an object is not known to be stored, and calls once', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    stub.refuseWith = 'SlowDown';
    await expect(store.put('a', Buffer.from('x'), 'text/plain', signal)).rejects.toMatchObject({
      ...{ code: 'OBJECT_STORE_FAILED', disposition: 'retry' },
      message: 'an object could not be stored in bucket b: SlowDown: as asked',
    });
    expect(stub.calls).toBe(1);
  });

  it('rejects with the reason of a signal that is aborted', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    const reason = new Error('enough');
    await expect(store.put('a', Buffer.from('x'), 'text/plain', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

async function open(endpoint: string) {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  const settings = await createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger });
  return openObjectStore({ bucket: 'b', isPathStyle: true }, settings);
}
