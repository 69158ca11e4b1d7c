import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisEmulatorOptions, startKinesisEmulator } from '../emulator.ts';
import { CBOR_TYPE, jsonOf } from '../testing/cbor-transcoding.ts';
import { KinesisTarget } from '../testing/target.ts';
import { selfSignedCertificate } from './certificate.ts';

describe('the emulator over HTTP', () => {
  it('says whose credentials they are, as STS does', async () => {
    const { emulator } = await emulatorOf({ accountId: '123456789012' });
    const ask = async (action: string, authorization?: string) => {
      const response = await fetch(emulator.endpoint, {
        method: 'POST',
        body: new URLSearchParams({ Action: action, Version: '2011-06-15' }),
        headers: authorization === undefined ? {} : { authorization },
      });
      return { status: response.status, xml: await response.text() };
    };
    const signature = 'AWS4-HMAC-SHA256 Credential=key/x, SignedHeaders=host, Signature=0';

    expect(await ask('GetCallerIdentity', signature)).toEqual({
      status: 200,
      xml: expect.stringContaining('<UserId>key</UserId><Account>123456789012</Account>'),
    });
    expect(await ask('AssumeRole', signature)).toEqual({ status: 400, xml: expect.stringContaining('<Code>InvalidAction</Code>') });
    expect(await ask('GetCallerIdentity')).toEqual({
      status: 400,
      xml: expect.stringContaining('<Code>MissingAuthenticationTokenException</Code>'),
    });
  });

  it('answers a ping that is not signed', async () => {
    const { emulator } = await emulatorOf();

    const response = await fetch(`${emulator.endpoint}/ping`);

    expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
  });

  it('closes a connection whose head does not arrive', async () => {
    // A connection that says nothing for so long is closed without a word: its first bytes must come before, also on a slow machine.
    const { emulator } = await emulatorOf({ headTimeoutMs: 2_000 });
    const socket = connect(emulator.port, emulator.host);

    socket.write('POST / HTTP/1.1\r\nhost: emu');

    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
  });

  it.each([
    ['plain', undefined],
    ['TLS', selfSignedCertificate(Date.now())],
  ])('speaks HTTP/2 and HTTP/1.1 at one port, %s', async (_, tls) => {
    const { emulator } = await emulatorOf(tls && { tls });
    const session = connectHttp2(emulator.endpoint, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());

    expect(await text(session.request({ ':path': '/ping' }))).toBe('ok\n');
    if (!tls) expect(await (await fetch(`${emulator.endpoint}/ping`)).text()).toBe('ok\n');
  });

  it('looks at the first bytes of a connection, however they come', async () => {
    const { emulator } = await emulatorOf();
    const socket = connect({ port: emulator.port, host: emulator.host, noDelay: true });
    for (const part of ['P', 'O', 'ST /ping HTTP/1.1\r\nhost: emu\r\ncontent-', 'length: 0\r\nconnection: close\r\n\r\n']) {
      socket.write(part);
      await delay(20);
    }
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('closes a connection that says nothing', async () => {
    const { emulator } = await emulatorOf({ headTimeoutMs: 100 });
    expect(await text(connect(emulator.port, emulator.host))).toBe('');
  });

  it('refuses more connections than it is told to hold', async () => {
    const { emulator } = await emulatorOf({ maxConnections: 1 });
    const first = connect(emulator.port, emulator.host);
    onTestFinished(() => void first.destroy());
    await once(first, 'connect');

    const second = connect(emulator.port, emulator.host);
    await once(second, 'close');

    expect(first.destroyed).toBe(false);
  });

  it('serves HTTPS, and can be paused while a connection is not yet secured', async () => {
    const { emulator } = await emulatorOf({ tls: selfSignedCertificate(Date.now()) });
    const socket = connect(emulator.port, emulator.host);
    await once(socket, 'connect');

    expect(emulator.endpoint).toBe(`https://127.0.0.1:${emulator.port}`);
    await Promise.all([emulator.pause(), once(socket, 'close')]);
  });

  it('names errors in a header too where the request is CBOR, also for a body that is none', async () => {
    const { emulator } = await emulatorOf();
    const response = await fetch(emulator.endpoint, {
      method: 'POST',
      body: 'this is no CBOR',
      headers: {
        'content-type': CBOR_TYPE,
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        authorization: 'AWS4-HMAC-SHA256 Credential=key/x, SignedHeaders=host, Signature=0',
      },
    });

    expect([response.status, response.headers.get('x-amzn-errortype'), response.headers.get('content-type')]).toEqual([
      400,
      'SerializationException',
      CBOR_TYPE,
    ]);
    expect(JSON.parse(jsonOf(new Uint8Array(await response.arrayBuffer())))).toMatchObject({ __type: 'SerializationException' });
  });

  it('refuses a body that is larger than any request can be', async () => {
    const { target } = await emulatorOf();

    await expect(target.raw('PutRecords', 'x'.repeat(33 * 1024 * 1024))).resolves.toEqual({ status: 413, type: 'RequestEntityTooLarge' });
  });
});

async function emulatorOf(options: KinesisEmulatorOptions = {}) {
  const emulator = await startKinesisEmulator(options);
  const target = new KinesisTarget(emulator.endpoint);
  onTestFinished(async () => {
    target.close();
    await emulator[Symbol.asyncDispose]();
  });
  return { emulator, target };
}
