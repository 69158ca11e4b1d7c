import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { findRedisBinary, freePort, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedis } from './open-redis.ts';

const binary = await findRedisBinary();
const canTest = binary !== undefined && spawnSync('openssl', ['version']).status === 0;
if (!canTest) process.stderr.write('Redis over TLS was not tested: it takes the commands redis-server and openssl\n');

let folder: string;
beforeAll(async () => {
  if (!canTest) return;
  folder = await mkdtemp(join(tmpdir(), 'redis-tls-'));
  for (const authority of ['ca', 'other-ca']) createAuthority(authority);
  await issue('server', 'subjectAltName=DNS:redis.internal,IP:127.0.0.1');
  await issue('misnamed', 'subjectAltName=DNS:redis.internal');
  await issue('client', 'extendedKeyUsage=clientAuth');
});
afterAll(async () => {
  if (canTest) await rm(folder, { recursive: true });
});

describe.skipIf(!canTest)('openRedis over TLS', () => {
  it('trusts the authority of `ca_file`, and nobody else', async () => {
    await using server = await startTls('server');
    await expect(ping(server.url, { ca_file: file('ca.crt') })).resolves.toBe('PONG');
    for (const tls of [{}, { ca_file: file('other-ca.crt') }])
      await expect(ping(server.url, tls)).rejects.toMatchObject({
        code: 'REDIS_CERTIFICATE_INVALID',
        message: expect.stringContaining('sluice.redis.tls.ca_file'),
      });
    await expect(ping(server.url, { skip_verify: true })).resolves.toBe('PONG');
  });

  it('refuses a certificate of another name, until that is the expected one', async () => {
    await using server = await startTls('misnamed');
    await expect(ping(server.url, { ca_file: file('ca.crt') })).rejects.toMatchObject({
      code: 'REDIS_CERTIFICATE_INVALID',
      message: expect.stringMatching(/127\.0\.0\.1.*sluice\.redis\.tls\.server_name/s),
    });
    await expect(ping(server.url, { ca_file: file('ca.crt'), server_name: 'redis.internal' })).resolves.toBe('PONG');
  });

  it('shows its own certificate where Redis asks for one, and says so where it has none', async () => {
    await using server = await startTls('server', 'yes');
    const client = { cert_file: file('client.crt'), key_file: file('client.key') };
    await expect(ping(server.url, { ca_file: file('ca.crt'), ...client })).resolves.toBe('PONG');
    await expect(ping(server.url, { ca_file: file('ca.crt') })).rejects.toMatchObject({
      code: 'REDIS_CERTIFICATE_INVALID',
      message: expect.stringContaining('sluice.redis.tls.cert_file'),
    });
  });
});

const file = (name: string): string => join(folder, name);

const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function createAuthority(name: string): void {
  openssl('req', '-x509', ...KEY, '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`);
}

/** A certificate of `ca`. */
async function issue(name: string, extension: string): Promise<void> {
  openssl('req', ...KEY, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
  await writeFile(file(`${name}.ext`), extension);
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}

async function startTls(certificate: string, asksClients: 'yes' | 'no' = 'no') {
  const tlsPort = await freePort();
  const tls = {
    port: tlsPort,
    'cert-file': file(`${certificate}.crt`),
    'key-file': file(`${certificate}.key`),
    'ca-cert-file': file('ca.crt'),
    'auth-clients': asksClients,
  };
  const extraArguments = Object.entries(tls).flatMap(([name, value]) => [`--tls-${name}`, String(value)]);
  const server = await startRedisServer({ extraArguments });
  return { url: `rediss://127.0.0.1:${tlsPort}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function ping(url: string, tls: Readonly<Record<string, string | boolean>>): Promise<string> {
  const text = `sluice: { redis: { url: "${url}", tls: ${JSON.stringify(tls)} } }`;
  const { config, problems } = compileConfig([{ name: 'sluice.yaml', text }], { env: {} });
  expect(problems).toEqual([]);
  await using session = await openRedis(config.settings.redis, { logger: silentLogger, clock: systemClock, connectionName: 'test' });
  return await session.client.ping();
}
