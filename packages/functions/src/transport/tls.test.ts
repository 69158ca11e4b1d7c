import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@sluice/core';
import { afterAll, describe, expect, it } from 'vitest';
import { asyncTransport, endpointOf } from './testing/endpoints.ts';
import { BINARY } from './testing/function-server.ts';
import { createTransport } from './transport.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-functions-tls-'));
const at = (name: string) => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true }));

// Without the openssl command there is no certificate to test with.
describe.skipIf(!makeCertificates())('TLS', () => {
  it('trusts the authority that it is given, and no other', async () => {
    await using server = await startServer(false);
    expect(await call(server.url, { trustCaCerts: at('cert.pem') })).toBe('result');
    expect(await call(server.url, { callMs: 5 })).toMatch(/self-signed certificate|no answer within/);
  });

  it('shows a certificate whose key has a password', async () => {
    await using server = await startServer(true);
    const certificate = { clientCert: at('cert.pem'), clientKey: pathToFileURL(at('key.pem')).href, clientKeyPasswordFile: at('password') };
    expect(await call(server.url, { trustCaCerts: at('cert.pem'), ...certificate })).toBe('result');
    expect(await call(server.url, { trustCaCerts: at('cert.pem'), callMs: 5 })).toMatch(/failed after/);
  });
});

async function call(url: string, settings: Parameters<typeof asyncTransport>[0]): Promise<string> {
  const transport = createTransport(endpointOf(url, asyncTransport(settings)), { clock: systemClock });
  const outcome = await transport.call('f', Buffer.of(1)).then(
    ({ type }) => type,
    (error: Error) => error.message,
  );
  await transport.close();
  return outcome;
}

async function startServer(requestCert: boolean) {
  const [cert, key] = [readFileSync(at('cert.pem')), readFileSync(at('key.pem'))];
  const server = createServer(
    { cert, key, passphrase: 'secret', ca: cert, requestCert, rejectUnauthorized: requestCert },
    (_, response) => {
      response.writeHead(200, BINARY).end();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A certificate for 127.0.0.1, signed by itself; its key is PKCS 8 and encrypted. */
function makeCertificates(): boolean {
  writeFileSync(at('password'), 'secret\n');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-passout', `file:${at('password')}`];
  try {
    execFileSync('openssl', ['req', '-x509', ...algorithm, '-days', '1', ...subject, '-keyout', at('key.pem'), '-out', at('cert.pem')], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
