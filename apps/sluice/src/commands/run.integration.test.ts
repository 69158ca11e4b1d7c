import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KinesisEmulator, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { NodeProcess, programFile, startRedisServer, until } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const MAIN = programFile('sluice');
const WAITING = { timeout: 100_000, interval: 50 };
const CONFIG = `input:
  label: in
  aws_kinesis: {streams: [source]}
output:
  label: out
  aws_kinesis: {stream: sink, partition_key: '\${! json("key") }', batching: {count: 100, period: 10ms}}
---
sluice:
  lanes: 4
  ports: {ingress_worker: 0, egress_worker: 0}
`;

let folder: string;
let stack: AsyncDisposableStack;
let kinesis: KinesisEmulator;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-run-command-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = stack.use(await startRedisServer());
  kinesis = stack.use(await startKinesisEmulator({ streams: { source: 2, sink: 1 } }));
  env = {
    ...{ AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    SLUICE_REDIS_URL: redis.url,
  };
  await writeFile(join(folder, 'config.yaml'), CONFIG);
});
afterEach(() => stack.disposeAsync());

describe('sluice run', () => {
  it('moves records with both workers, shows them to the operator, and stops on a signal', async () => {
    const running = startRun();
    await put(Array.from({ length: 30 }, (_, index) => `{"key":"${index % 5}","index":${index}}`).concat('no document'));

    await vi.waitFor(() => expect(kinesis.records('sink').length).toBe(30), WAITING);
    const ask = async (what: string) => JSON.parse((await runSluice([what, '--format', 'json'], { env })).stdout);
    // Redis learns of it after the stream has it.
    const shards = await until('a checkpoint', async () => {
      const answer = await ask('shards');
      return answer.streams[0].shards.some(({ checkpoint }: { checkpoint: string }) => /^\d+:0$/.test(checkpoint)) && answer;
    });
    const lanes = await until('the dead letter', async () => {
      const answer = await ask('lanes');
      return answer.targets[0].deadLetters > 0 && answer;
    });
    running.signal('SIGINT');
    const code = await running.exited;

    expect({
      code,
      source: shards.streams[0].source,
      states: shards.streams[0].shards.map(({ state }: { state: string }) => state),
    }).toEqual({
      ...{ code: 0, source: 'input/in/source', states: ['reading', 'reading'] },
    });
    const [target] = lanes.targets;
    expect({
      target: target.target,
      lanes: target.lanes.length,
      deadLetters: target.deadLetters,
      isOwned: target.lanes[0].owner !== null,
    }).toEqual({
      ...{ target: 'output/out', lanes: 4, deadLetters: 1, isOwned: true },
    });
    const after = JSON.parse((await runSluice(['lanes', '--format', 'json'], { env })).stdout);
    expect(after.targets[0].lanes.map(({ owner }: { owner: string | null }) => owner)).toEqual([null, null, null, null]);
  });

  it('starts nothing with a mistaken configuration, or with one that has no work', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'output: {aws_kinesis: {stream: a}}\n');
    await writeFile(join(folder, 'idle.yaml'), 'sluice: {lanes: 4}\n');
    await writeFile(join(folder, 'unfed.yaml'), `input: {kafka: {}}\noutput: {aws_kinesis: {stream: a, partition_key: k}}\n`);
    const run = (file: string) => runSluice(['run', file], { cwd: folder, env });
    const [bad, idle, unfed, none] = await Promise.all([run('bad.yaml'), run('idle.yaml'), run('unfed.yaml'), runSluice(['run'], { env })]);
    expect([bad, idle, unfed, none].map(({ code, stderr }) => [code, stderr.trim().split('\n').at(-1)])).toEqual([
      [1, 'sluice: the configuration has an error; nothing was started (CONFIG_INVALID)'],
      [1, 'sluice: expected an ingress, an endpoint or an egress, found none in idle.yaml (NOTHING_TO_RUN)'],
      [
        1,
        expect.stringMatching(
          /^sluice: expected an input to read from, found only outputs in unfed\.yaml: .* --egress-only .*\(NO_INPUT\)$/,
        ),
      ],
      [1, 'sluice: expected a configuration file, found none: name one with --config file.yaml (may be repeated) (CONFIG_MISSING)'],
    ]);
  });

  it('stops the rest when a worker cannot start, here because its port is taken', async () => {
    const running = startRun('-s', `sluice.ports.egress_worker=${kinesis.port}`);
    await expect(running.exited).resolves.toBe(1);
  });
});

function startRun(...args: string[]): NodeProcess {
  const run = new NodeProcess({ script: MAIN, args: ['run', join(folder, 'config.yaml'), ...args], env });
  stack.defer(async () => void (await run.stop()));
  return run;
}

async function put(documents: readonly string[]): Promise<void> {
  const Records = documents.map((document) => ({ PartitionKey: document, Data: Buffer.from(document).toString('base64') }));
  const response = await fetch(kinesis.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecords',
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ StreamName: 'source', Records }),
  });
  expect(await response.json()).toMatchObject({ FailedRecordCount: 0 });
}
