import { type Logger, silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { CredentialsUnavailableError } from './errors.ts';
import { type AwsIdentity, refreshingCredentials } from './refreshing-credentials.ts';

const MINUTE = 60_000;

describe('refreshingCredentials', () => {
  it('asks once for many callers, and again only near the end', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: 60 * MINUTE });

    await Promise.all([credentials(), credentials(), credentials()]);
    clock.advance(54 * MINUTE);
    await credentials();
    expect(loads.count).toBe(1);

    clock.advance(2 * MINUTE);
    expect((await credentials()).accessKeyId).toBe('key-1');
    await settled();
    expect((await credentials()).accessKeyId).toBe('key-2');
  });

  it('keeps what still holds when a refresh fails, tries again after a pause, and says so', async () => {
    const { credentials, clock, loads, warnings } = sourceOf({ lifetimeMs: 60 * MINUTE });
    await credentials();
    loads.failWith = new Error('STS is away');
    clock.advance(57 * MINUTE);

    expect((await credentials()).accessKeyId).toBe('key-1');
    await settled();
    expect((await credentials()).accessKeyId).toBe('key-1');
    expect(loads.count).toBe(2);
    expect(warnings).toEqual(['credentials could not be refreshed; the old ones still hold']);

    loads.failWith = undefined;
    clock.advance(11_000);
    await credentials();
    await settled();
    expect((await credentials()).accessKeyId).toBe('key-3');
  });

  it('fails its callers once nothing valid is left, and recovers', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: 10 * MINUTE });
    await credentials();
    loads.failWith = new Error('STS is away');
    clock.advance(10 * MINUTE);

    await expect(credentials()).rejects.toThrow(CredentialsUnavailableError);
    await expect(credentials()).rejects.toThrow('no AWS credentials from the test: STS is away');
    loads.failWith = undefined;
    expect((await credentials()).accessKeyId).toMatch(/^key-/);
  });

  it('never asks again for credentials that do not expire', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: undefined });
    await credentials();
    clock.advance(1_000_000 * MINUTE);
    await credentials();
    expect(loads.count).toBe(1);
  });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Credentials named key-1, key-2, … by how often they were asked for. */
function sourceOf({ lifetimeMs }: { lifetimeMs: number | undefined }) {
  const clock = new ManualClock();
  const loads = { count: 0, failWith: undefined as Error | undefined };
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const load = async (): Promise<AwsIdentity> => {
    loads.count += 1;
    if (loads.failWith) throw loads.failWith;
    const expiration = lifetimeMs === undefined ? {} : { expiration: new Date(clock.now() + lifetimeMs) };
    return { accessKeyId: `key-${loads.count}`, secretAccessKey: 'secret', ...expiration };
  };
  return { credentials: refreshingCredentials(load, { source: 'the test', clock, logger }), clock, loads, warnings };
}
