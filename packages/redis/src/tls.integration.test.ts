import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { silentLogger, systemClock } from '@sluice/core';
import { startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { connectRedis } from './redis-session.ts';

const certificate = makeCertificate();

// Without the openssl command there is no certificate to test with.
describe.skipIf(!certificate)('RedisSession over TLS', () => {
  it('connects where it is given the authority, and says what is missing where it is not', async () => {
    await using redis = await startRedisServer();
    await using tls = await startTlsFrontOf(redis.port);
    const options = { logger: silentLogger, clock: systemClock };
    await expect(connectRedis({ url: tls.url }, options)).rejects.toMatchObject({
      code: 'REDIS_CERTIFICATE_INVALID',
      message: expect.stringContaining('sluice.redis.tls.ca_file'),
    });
    await using session = await connectRedis({ url: tls.url, tls: { ca: certificate!.cert } }, options);
    expect(await session.client.ping()).toBe('PONG');
  });
});

async function startTlsFrontOf(port: number) {
  const server = createServer(certificate!, (client) => {
    const redis = connect(port, '127.0.0.1');
    client.pipe(redis).pipe(client);
    for (const socket of [client, redis]) socket.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `rediss://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** A certificate for 127.0.0.1, signed by itself. */
function makeCertificate(): { key: string; cert: string } | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    execFileSync('openssl', ['req', '-x509', ...algorithm, '-days', '1', ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
