import { silentLogger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { describe, expect, it } from 'vitest';
import { openObjectStore } from './object-store.ts';
import { startBucketStub } from './testing/bucket-stub.ts';

const { signal } = new AbortController();
const TEXT = { contentType: 'text/plain' };

describe('a bucket', () => {
  it('holds what was put, byte by byte, and replaces an object of the same key', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    await store.put('x/a b', Buffer.from('old'), TEXT, signal);
    const data = Buffer.from([0, 255, 10, 128]);
    await store.put('x/a b', data, { contentType: 'application/octet-stream' }, signal);
    expect([...stub.objects]).toEqual([['/b/x/a b', data]]);
  });

  it('says why an object is not known to be stored, and calls once', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    stub.refuse = () => ({ status: 503, code: 'SlowDown' });
    await expect(store.put('a', Buffer.from('x'), TEXT, signal)).rejects.toMatchObject({
      ...{ code: 'OBJECT_STORE_FAILED', disposition: 'retry' },
      message: 'an object could not be stored in bucket b: SlowDown: as asked',
    });
    expect(stub.calls).toBe(1);
  });

  it('keeps with an object what belongs to it', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    const properties = {
      contentType: 'a/b',
      contentEncoding: 'gzip',
      cacheControl: 'no-cache',
      contentDisposition: 'inline',
      contentLanguage: 'de',
      websiteRedirectLocation: '/there',
      storageClass: 'GLACIER',
      serverSideEncryption: 'aws:kms',
      kmsKeyId: 'k',
      metadata: { one: '1', two: 'zwö' },
      tags: { 'a b': 'c&d' },
    };
    await store.put('x', Buffer.from('x'), properties, signal);
    expect(stub.headers.get('/b/x')).toMatchObject({
      'content-type': 'a/b',
      'content-encoding': 'gzip',
      'cache-control': 'no-cache',
      'content-disposition': 'inline',
      'content-language': 'de',
      'x-amz-website-redirect-location': '/there',
      'x-amz-storage-class': 'GLACIER',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'k',
      'x-amz-meta-one': '1',
      'x-amz-meta-two': '=?UTF-8?B?enfDtg==?=',
      'x-amz-tagging': 'a+b=c%26d',
    });
  });

  it('is asked again where it is busy, as often as it may be', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url, 3);
    stub.refuse = () => (stub.calls < 3 ? { status: 503, code: 'SlowDown' } : undefined);
    await store.put('a', Buffer.from('x'), TEXT, signal);
    expect(stub.objects.has('/b/a')).toBe(true);
    stub.refuse = () => ({ status: 404, code: 'NoSuchBucket' });
    await expect(store.put('a', Buffer.from('x'), TEXT, signal)).rejects.toThrow('NoSuchBucket: as asked');
    expect(stub.calls).toBe(4);
  });

  it('rejects with the reason of a signal that is aborted', async () => {
    await using stub = await startBucketStub();
    using store = await open(stub.url);
    const reason = new Error('enough');
    await expect(store.put('a', Buffer.from('x'), TEXT, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

async function open(endpoint: string, attempts = 1) {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  const settings = await createAwsClientSettings(aws, { env: {}, clock: systemClock, logger: silentLogger });
  return openObjectStore({ bucket: 'b', isPathStyle: true, attempts }, settings);
}
