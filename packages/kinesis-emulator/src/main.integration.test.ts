import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DescribeStreamSummaryCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { spawnChild } from '@sluice/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KinesisTarget } from './testing/target.ts';

/** Long enough for a machine ten times slower. */
const SOON = { timeout: 60_000 };

describe('the emulator as a process', () => {
  it('serves the streams it was started with and ends on SIGTERM', async () => {
    const { child, target } = await emulatorOf('--stream', 'orders:3');

    const { StreamDescriptionSummary: summary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName: 'orders' }));
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');

    expect(summary).toMatchObject({ OpenShardCount: 3 });
    expect(code).toBe(0);
  });

  it('goes away and comes back with its records on SIGUSR2', async () => {
    const { child, target, put } = await emulatorOf('--stream', 's:1');
    await put();

    child.kill('SIGUSR2');
    await expect.poll(() => put().catch((error: { code: string }) => error.code), SOON).toBe('ECONNREFUSED');
    child.kill('SIGUSR2');
    await expect
      .poll(
        () =>
          put().then(
            () => 'stored',
            () => 'refused',
          ),
        SOON,
      )
      .toBe('stored');

    const { Records: records } = await target.page({ StreamName: 's' });
    expect(records!.length).toBeGreaterThanOrEqual(2);
  });

  it('goes away for a while when its control path says so', async () => {
    const { control, put } = await emulatorOf('--stream', 's:1');

    await expect(control('POST', 'pause', { forMs: 5_000 })).resolves.toEqual({ status: 200, body: { pausedForMs: 5_000 } });
    await expect.poll(() => put().catch((error: { code: string }) => error.code), SOON).toBe('ECONNREFUSED');

    await expect
      .poll(
        () =>
          put().then(
            () => 'stored',
            () => 'refused',
          ),
        SOON,
      )
      .toBe('stored');
  });

  it('takes faults over its control path, and refuses what it does not understand', async () => {
    const { control, put } = await emulatorOf('--stream', 's:1', '--seed', '5');
    const faults = { PutRecord: { errorRate: 1 } };

    await expect(control('POST', 'faults', faults)).resolves.toEqual({ status: 200, body: { faults, seed: 5 } });
    await expect(put()).rejects.toMatchObject({ name: 'InternalFailure' });
    await expect(control('POST', 'faults', { PutRecord: { errorRate: 5 } })).resolves.toEqual({
      status: 400,
      body: { problems: ['PutRecord.errorRate: expected a number from 0 to 1'] },
    });
    const queued = { operation: 'PutRecord', fault: { error: 'ExpiredTokenException' } };
    await expect(control('POST', 'faults/once', queued)).resolves.toEqual({ status: 200, body: { queued: { ...queued, times: 1 } } });
    await expect(put()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    await expect(control('POST', 'faults/once', { operation: 'PutRecord' })).resolves.toEqual({
      status: 400,
      body: { problems: ['once.fault: missing'] },
    });
    await expect(control('POST', 'pause', { forMs: 'long' })).resolves.toMatchObject({ status: 400 });
    await expect(control('GET', 'nothing')).resolves.toMatchObject({ status: 404 });
    await control('POST', 'faults/clear');
    await expect(put()).resolves.toMatchObject({ ShardId: 'shardId-000000000000' });
  });

  it('tells of each request on standard output where it is asked to', async () => {
    const { child, put } = await emulatorOf('--stream', 's:1', '--tell-requests');

    const [[line]] = (await Promise.all([once(child.stdout, 'data'), put()])) as [[Buffer], unknown];
    expect(JSON.parse(line.toString())).toMatchObject({ operation: 'PutRecord', stream: 's', records: 1, accessKeyId: 'conformance' });
  });

  it('has every record that it acknowledged after it was killed', async () => {
    const args = ['--data', await newDataFile(), '--stream', 's:1'];
    const { child, put } = await emulatorOf(...args);
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) acknowledged.push((await put()).SequenceNumber!);
    });
    await expect.poll(() => acknowledged.length, SOON).toBeGreaterThan(50);

    child.kill('SIGKILL');
    await Promise.allSettled(writers);

    const { target } = await emulatorOf(...args);
    const { Records: records } = await target.page({ StreamName: 's' });
    const stored = new Set(records!.map(({ SequenceNumber: number }) => number));
    expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
  });

  it('misses only records that it says it trimmed when it was killed above its memory cap', async () => {
    const args = ['--data', await newDataFile(), '--stream', 's:1', '--memory-cap-mib', '2'];
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const { child, put } = await emulatorOf(...args);
      const begun = acknowledged.length;
      const writers = Array.from({ length: 4 }, async () => {
        for (;;) acknowledged.push((await put(Buffer.alloc(40_000))).SequenceNumber!);
      });
      await expect.poll(() => acknowledged.length - begun, SOON).toBeGreaterThan(70);
      child.kill('SIGKILL');
      await Promise.allSettled(writers);
    }

    const { target, control } = await emulatorOf(...args);
    const { Records: records } = await target.page({ StreamName: 's' });
    const { body } = await control('GET', 'status');
    const { trimmedRecords } = (body as { streams: { trimmedRecords: number }[] }).streams[0]!;
    const stored = records!.map(({ SequenceNumber: number }) => number!);
    const missing = acknowledged.filter((number) => !stored.includes(number));
    expect(missing.filter((number) => number > stored[0]!)).toEqual([]);
    expect(trimmedRecords).toBeGreaterThan(0);
    // A request that was not answered may have stored a record too.
    expect(missing.length).toBeLessThanOrEqual(trimmedRecords);
  });

  it('makes itself a certificate, and uses it again after a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kinesis-tls-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const certificates: string[] = [];
    for (let start = 0; start < 2; start++) {
      const { port } = await emulatorOf('--tls-cert', cert, '--tls-key', key);
      certificates.push(await readFile(cert, 'utf8'));
      const [response] = await once(request({ port, path: '/ping', ca: certificates[start] }).end(), 'response');

      expect(await text(response)).toBe('ok\n');
    }
    expect(certificates[0]).toBe(certificates[1]);
    expect((await stat(key)).mode & 0o777).toBe(0o600);
  });

  it('tells its state over its control path', async () => {
    const { control } = await emulatorOf('--stream', 's:2', '--region', 'eu-central-1');

    await expect(control('GET', 'status')).resolves.toMatchObject({
      status: 200,
      body: { region: 'eu-central-1', heldBytes: 0, streams: [{ name: 's', status: 'ACTIVE', openShards: 2 }] },
    });
  });

  it.each([
    ['an unknown option', ['--quota'], /^Unknown option '--quota'/],
    ['a stream without shards', ['--stream', 'orders'], /^--stream orders: expected name:shards/],
  ])('ends with one line and exit code 1 on %s', async (_, args, message) => {
    const child = start(args);

    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('ends with one line and exit code 1 when its port is taken', async () => {
    const { port } = await emulatorOf();
    const child = start(['--port', String(port)]);

    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

    expect([code, stderr]).toEqual([
      1,
      `kinesis emulator cannot listen at 127.0.0.1:${port}: the port is in use; stop what holds it or choose another port\n`,
    ]);
  });
});

function start(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  return spawnChild(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] }) as ChildProcessByStdio<
    null,
    Readable,
    Readable
  >;
}

async function newDataFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kinesis-data-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'data');
}

/** An emulator in a process of its own, at a free port, killed at the end of the test. */
async function emulatorOf(...args: string[]) {
  const child = start(['--port', '0', '--no-quotas', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const endpoint = /ready at (\S+)/.exec(line.toString())![1]!;
  const target = new KinesisTarget(endpoint);
  onTestFinished(() => target.close());
  return {
    child,
    target,
    port: Number(new URL(endpoint).port),
    put: (data: Uint8Array = Buffer.from('data')) =>
      target.client.send(new PutRecordCommand({ StreamName: 's', PartitionKey: 'key', Data: data })),
    async control(method: string, path: string, body?: unknown) {
      const response = await fetch(`${endpoint}/__sluice/${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: response.status, body: await response.json() };
    },
  };
}
