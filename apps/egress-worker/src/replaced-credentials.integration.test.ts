import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { type AwsSettings, createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient } from '@sluice/kinesis';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-credentials-'));
  for (const name of Object.keys(process.env).filter((variable) => variable.startsWith('AWS_'))) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('session keys that are replaced in the shared file', () => {
  it.each<[string, AwsSettings['credentials'], 'ExpiredTokenException' | 'UnrecognizedClientException', string]>([
    ['the default chain', { type: 'default' }, 'ExpiredTokenException', 'KINESIS_CREDENTIALS_EXPIRED'],
    ['a profile', { type: 'profile', name: 'default', path: undefined }, 'ExpiredTokenException', 'KINESIS_CREDENTIALS_EXPIRED'],
    ['a profile', { type: 'profile', name: 'default', path: undefined }, 'UnrecognizedClientException', 'KINESIS_ACCESS_DENIED'],
  ])('are read by the request after the refused one: %s, %o, %s', async (_, credentials, error, code) => {
    await using emulator = await startKinesisEmulator({ quotas: false, streams: { orders: 1 } });
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const aws: AwsSettings = { region: 'eu-west-1', endpoint: emulator.endpoint, credentials, assumeRole: undefined, http: {} };
    await writeKeys('AKIAOLD');
    using kinesis = createKinesisClient(await createAwsClientSettings(aws, { env: process.env, clock, logger: silentLogger }));
    await expect(kinesis.listShards('orders')).resolves.toHaveLength(1);

    emulator.faults.set({ credentials: [{ error, accessKeyId: 'AKIAOLD' }] });
    await writeKeys('AKIANEW');
    now += 11_000;
    await expect(kinesis.listShards('orders')).rejects.toMatchObject({ code, disposition: 'retry' });
    await expect(kinesis.listShards('orders')).resolves.toHaveLength(1);
  });
});

const writeKeys = (accessKeyId: string): Promise<void> =>
  writeFile(
    join(folder, 'credentials'),
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = s\naws_session_token = of-${accessKeyId}\n`,
  );
