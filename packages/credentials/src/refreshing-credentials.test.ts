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
    expect(warnings).toEqual(['credentials could not be refreshed; the old ones are kept']);

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

  it('reads credentials that do not expire again every few minutes, for a file may be replaced', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: undefined });
    await credentials();
    clock.advance(4 * MINUTE);
    await credentials();
    expect(loads.count).toBe(1);

    clock.advance(2 * MINUTE);
    expect((await credentials()).accessKeyId).toBe('key-1');
    await settled();
    expect((await credentials()).accessKeyId).toBe('key-2');
    expect(loads.count).toBe(2);
  });

  it('keeps credentials that do not expire where their file cannot be read', async () => {
    const { credentials, clock, loads, warnings } = sourceOf({ lifetimeMs: undefined });
    await credentials();
    loads.failWith = new Error('no such file');
    clock.advance(6 * MINUTE);
    await credentials();
    await settled();
    expect([(await credentials()).accessKeyId, loads.count, warnings.length]).toEqual(['key-1', 2, 1]);
  });

  it.each([
    ['expire', 60 * MINUTE],
    ['do not expire', undefined],
  ])('loads refused credentials that %s anew for the next request', async (_, lifetimeMs) => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs });
    await credentials();
    clock.advance(MINUTE);
    credentials.refused();
    expect((await credentials()).accessKeyId).toBe('key-2');
    expect((await credentials()).accessKeyId).toBe('key-2');
    expect(loads.count).toBe(2);
  });

  it('loads refused credentials at most once in ten seconds', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: undefined });
    await credentials();
    for (let request = 0; request < 100; request++) {
      clock.advance(1_000);
      credentials.refused();
      await credentials();
    }
    expect(loads.count).toBe(11);
  });

  it('fails a request whose refused credentials cannot be loaded, and pauses before the next load', async () => {
    const { credentials, clock, loads } = sourceOf({ lifetimeMs: undefined });
    await credentials();
    clock.advance(MINUTE);
    credentials.refused();
    loads.failWith = new Error('no such profile');
    await expect(credentials()).rejects.toThrow('no AWS credentials from the test: no such profile');
    expect((await credentials()).accessKeyId).toBe('key-1');
    loads.failWith = undefined;
    clock.advance(10_000);
    expect((await credentials()).accessKeyId).toBe('key-3');
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
