import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRecordsCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { silentLogger, systemClock } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AwsSettings } from './aws-settings.ts';
import { createAwsClientSettings } from './client-settings.ts';
import { RegionMissingError } from './errors.ts';
import { type AwsStandIn, startAwsStandIn } from './testing/aws-stand-in.ts';

let aws: AwsStandIn;
let folder: string;

beforeEach(async () => {
  aws = await startAwsStandIn();
  folder = await mkdtemp(join(tmpdir(), 'sluice-credentials-'));
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_'))) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', aws.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('credentials', () => {
  it('are taken from the configuration, with a session token', async () => {
    const { credentials } = await clientSettings({ credentials: staticKeys('token') });
    await expect(credentials()).resolves.toEqual({ accessKeyId: 'AKIASTATIC', secretAccessKey: 'static-secret', sessionToken: 'token' });
  });

  it('are taken from a profile in a file of its own', async () => {
    const path = join(folder, 'others');
    await writeFile(path, '[orders]\naws_access_key_id = AKIAORDERS\naws_secret_access_key = s\n');
    const { credentials } = await clientSettings({ credentials: { type: 'profile', name: 'orders', path } });
    await expect(credentials()).resolves.toMatchObject({ accessKeyId: 'AKIAORDERS' });
  });

  it('say which profile is missing', async () => {
    const { credentials } = await clientSettings({ credentials: { type: 'profile', name: 'nobody', path: undefined } });
    await expect(credentials()).rejects.toThrow('no AWS credentials from profile nobody');
  });

  it('are taken from the instance role, with a version 2 token', async () => {
    const { credentials } = await clientSettings({ credentials: { type: 'ec2-role' } });
    await expect(credentials()).resolves.toMatchObject({ accessKeyId: expect.stringMatching(/^AKIA\d+$/) });
    expect(aws.calls[0]).toBe('PUT /latest/api/token');
  });

  it('assume a role through the custom endpoint, signed with the credentials below it', async () => {
    const assumeRole = { arn: 'arn:aws:iam::123456789012:role/writer', externalId: 'partner-7' };
    const { credentials } = await clientSettings({ credentials: staticKeys(), assumeRole, endpoint: aws.url });

    await expect(Promise.all([credentials(), credentials()])).resolves.toMatchObject([
      { sessionToken: 'token1' },
      { sessionToken: 'token1' },
    ]);
    expect(aws.calls).toEqual(['AssumeRole arn:aws:iam::123456789012:role/writer partner-7 AKIASTATIC']);
  });

  it('are asked for again once an assumed role has expired, and recover from a failure', async () => {
    const assumeRole = { arn: 'arn:aws:iam::123456789012:role/writer', externalId: undefined };
    aws.lifetimeSeconds = 5;
    const { credentials } = await clientSettings({ credentials: staticKeys(), assumeRole, endpoint: aws.url });
    await expect(credentials()).resolves.toMatchObject({ accessKeyId: 'AKIA1' });

    aws.refuseWith = 403;
    await expect(credentials()).rejects.toThrow(
      /no AWS credentials from role arn:aws:iam::123456789012:role\/writer assumed with the configuration/,
    );
    aws.refuseWith = undefined;
    aws.lifetimeSeconds = 3_600;
    await expect(credentials()).resolves.toMatchObject({ accessKeyId: 'AKIA2' });
  });

  it('come from a web identity token through the default chain', async () => {
    await writeFile(join(folder, 'token'), 'header.payload.signature');
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/pod');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', aws.url);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    const { credentials } = await clientSettings({});

    await expect(credentials()).resolves.toMatchObject({ accessKeyId: 'AKIA1' });
    expect(aws.calls).toEqual(['AssumeRoleWithWebIdentity arn:aws:iam::123456789012:role/pod - nobody']);
  });
});

describe('region', () => {
  it.each([
    ['the configuration, in lower case', { region: 'EU-West-1' }, 'eu-west-1'],
    ['the instance metadata, when nothing else names one', { region: undefined }, 'eu-central-1'],
  ])('comes from %s', async (_, settings, region) => {
    await expect(createAwsClientSettings({ ...DEFAULTS, ...settings }, options())).resolves.toMatchObject({ region });
  });

  it('comes from AWS_REGION before the shared config file, and from the file before the instance', async () => {
    await writeFile(join(folder, 'config'), '[default]\nregion = ap-south-1\n');
    await expect(createAwsClientSettings({ ...DEFAULTS, region: undefined }, options())).resolves.toMatchObject({ region: 'ap-south-1' });
    vi.stubEnv('AWS_REGION', 'us-west-2');
    await expect(createAwsClientSettings({ ...DEFAULTS, region: undefined }, options())).resolves.toMatchObject({ region: 'us-west-2' });
  });

  it('is missed with the places that were looked at', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    await expect(createAwsClientSettings({ ...DEFAULTS, region: undefined }, options())).rejects.toThrow(RegionMissingError);
  });
});

describe('the client', () => {
  it('ends a request that is not answered in time', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const endpoint = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
    const settings = await clientSettings({ credentials: staticKeys(), endpoint, http: { requestTimeoutMs: 200 } });
    const client = new KinesisClient({ ...settings, maxAttempts: 1 });

    await expect(client.send(new GetRecordsCommand({ ShardIterator: 'i' }))).rejects.toMatchObject({ name: 'TimeoutError' });
    silent.closeAllConnections();
    silent.close();
  });

  it('honours the SDK’s own endpoint variables, and prefers the configuration', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', 'http://127.0.0.1:4567');
    await expect(clientSettings({})).resolves.toMatchObject({ endpoint: 'http://127.0.0.1:4567' });
    await expect(clientSettings({ endpoint: 'https://kinesis.example' })).resolves.toMatchObject({ endpoint: 'https://kinesis.example' });
  });

  it('connects by itself with what is set, and through the request handler where only that can do it', async () => {
    const http = { connectTimeoutMs: 1, maxConnections: 2, maxIdleMs: 3, localAddress: '127.0.0.1', trustAllCertificates: true };
    const { trustAllCertificates: _, ...same } = http;
    expect((await clientSettings({ http })).connections).toEqual({ ...same, rejectUnauthorized: false });
    expect((await clientSettings({})).connections).toEqual({ rejectUnauthorized: true });
    const proxy = { protocol: 'http', host: 'proxy', port: 1, username: undefined, password: undefined, nonProxyHosts: undefined } as const;
    for (const odd of [{ proxy }, { socketTimeoutMs: 1 }, { requestTimeoutMs: 1 }])
      expect(await clientSettings({ http: odd })).not.toHaveProperty('connections');
  });

  it('speaks CBOR unless the environment forbids it', async () => {
    await expect(clientSettings({})).resolves.toMatchObject({ encoding: 'cbor' });
    vi.stubEnv('AWS_CBOR_DISABLE', 'true');
    await expect(clientSettings({})).resolves.toMatchObject({ encoding: 'json' });
  });
});

const DEFAULTS: AwsSettings = {
  region: 'eu-west-1',
  endpoint: undefined,
  credentials: { type: 'default' },
  assumeRole: undefined,
  http: {},
};

const options = () => ({ env: process.env, clock: systemClock, logger: silentLogger });

const clientSettings = (settings: Partial<AwsSettings>) => createAwsClientSettings({ ...DEFAULTS, ...settings }, options());

const staticKeys = (sessionToken?: string): AwsSettings['credentials'] => ({
  type: 'static',
  accessKeyId: 'AKIASTATIC',
  secretAccessKey: { reveal: () => 'static-secret' },
  sessionToken: sessionToken === undefined ? undefined : { reveal: () => sessionToken },
});
