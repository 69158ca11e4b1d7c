import { createHash, createHmac } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HashConstructor } from '@smithy/types';
import { describe, expect, it } from 'vitest';
import { RequestSigner, type SigningIdentity } from './request-signer.ts';

const BODY = Buffer.from('{"StreamName":"orders"}');
const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

describe('RequestSigner', () => {
  it.each([
    ['a name', 'kinesis.eu-central-1.amazonaws.com', '/', KEY],
    ['a port', 'localhost:4567', '/', KEY],
    ['a session token', 'kinesis.eu-central-1.amazonaws.com', '/', { ...KEY, sessionToken: 'FwoGZXIvYXdzEA==' }],
    ['a path', 'proxy.example', '/kinesis/a%20b/x(1)', KEY],
  ])('signs as the SDK does: %s', async (_, host, path, identity) => {
    const signer = new RequestSigner({ region: 'eu-central-1', service: 'kinesis' });
    const headers = signer.sign(requestTo(host, path), identity, AT_MS);
    expect(headers['authorization']).toBe((await signedBySdk(host, path, identity))['authorization']);
  });

  it('makes another key for another day and another secret', async () => {
    const signer = new RequestSigner({ region: 'eu-central-1', service: 'kinesis' });
    const request = requestTo('localhost', '/');
    const first = signer.sign(request, KEY, AT_MS);
    signer.sign(request, { ...KEY, secretAccessKey: 'other' }, AT_MS);
    signer.sign(request, KEY, AT_MS + 86_400_000);
    expect(signer.sign(request, KEY, AT_MS)).toEqual(first);
    expect(signer.sign(request, { ...KEY, secretAccessKey: 'other' }, AT_MS)['authorization']).not.toBe(first['authorization']);
  });
});

const requestTo = (host: string, path: string) => ({
  ...{ host, path, body: BODY },
  ...{ target: 'Kinesis_20131202.PutRecords', contentType: 'application/x-amz-cbor-1.1' },
});

async function signedBySdk(host: string, path: string, identity: SigningIdentity): Promise<Record<string, string>> {
  const { sessionToken, ...key } = identity;
  const signer = new SignatureV4({
    ...{ service: 'kinesis', region: 'eu-central-1', credentials: { ...key, ...(sessionToken && { sessionToken }) }, sha256: Sha256 },
    applyChecksum: false,
  });
  const { contentType, target, body } = requestTo(host, path);
  const headers = { host, 'content-type': contentType, 'x-amz-target': target };
  const [hostname = '', port] = host.split(':');
  const request = new HttpRequest({
    method: 'POST',
    protocol: 'https:',
    hostname,
    path,
    headers,
    body,
    ...(port && { port: Number(port) }),
  });
  return (await signer.sign(request, { signingDate: new Date(AT_MS) })).headers;
}

class Sha256 {
  readonly #hash;

  constructor(secret?: ConstructorParameters<HashConstructor>[0]) {
    this.#hash = secret ? createHmac('sha256', secret as string | Uint8Array) : createHash('sha256');
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
