import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aggregator, createKinesisClient } from '@sluice/kinesis';
import { type KinesisEmulator, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

let kinesis: KinesisEmulator;
let config: string;

beforeAll(async () => {
  kinesis = await startKinesisEmulator({ streams: { orders: 2, quiet: 1 } });
  config = join(await mkdtemp(join(tmpdir(), 'tail-')), 'out.yaml');
  await writeFile(config, 'output:\n  label: orders\n  aws_kinesis:\n    stream: orders\n    partition_key: k\n    region: us-east-1\n');
  const lines = Array.from({ length: 6 }, (_, n) => JSON.stringify({ id: `key-${n}`, n }));
  await sluice(['put', 'orders', '--key', 'id'], lines.join('\n'));
});
afterAll(() => kinesis[Symbol.asyncDispose]());

const environment = () => ({
  AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'a',
});
const sluice = (args: readonly string[], input = '') => runSluice(args, { input, env: environment() });
const tail = async (...args: string[]) => {
  const { code, stdout, stderr } = await sluice(['tail', ...args]);
  return {
    code,
    stderr,
    records: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
};

describe('sluice tail', () => {
  it('shows the records of all shards from the beginning, each shard in its order', async () => {
    const { code, stderr, records } = await tail('orders', '--from', 'earliest', '--decode', '--limit', '6');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(records.map(({ data }) => data.n).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(records[0]).toEqual({
      ...{ key: expect.stringMatching(/^key-/), shard: expect.stringMatching(/^shardId-/), sequenceNumber: expect.stringMatching(/^\d+$/) },
      ...{ arrivedAt: expect.stringMatching(/^20.*Z$/), data: { id: expect.any(String), n: expect.any(Number) } },
    });
    expect((await tail('orders', '--from', 'earliest', '--limit', '1')).records[0].data_base64).toMatch(/^eyJ/);
    expect((await tail('orders', '--limit', '0')).records).toEqual([]);
  });

  it('finds the stream of an egress, and shows what the filter says true of', async () => {
    const found = await tail('output/orders', '-c', config, '--from', 'earliest', '-d', '--filter', 'this.n > 3', '--limit', '2');
    expect(found.records.map(({ data }) => data.n).sort()).toEqual([4, 5]);
  });

  it('ends after a range of one shard', async () => {
    const all = (await tail('orders', '--from', 'earliest', '--limit', '6')).records;
    const ofShard = all.filter(({ shard }) => shard === all[0].shard);
    const [first, last] = [ofShard[0].sequenceNumber, ofShard.at(-1).sequenceNumber];
    // One more, behind the range.
    await sluice(['put', 'orders'], Array.from({ length: 40 }, (_, n) => `more ${n}`).join('\n'));
    const range = await tail('orders', '--shard', all[0].shard, '--from', `at:${first}`, '--to', last);
    expect(range.records).toEqual(ofShard);
    const after = await tail('orders', '--shard', all[0].shard, '--from', first, '--to', last);
    expect(after.records).toEqual(ofShard.slice(1));
  });

  it('unpacks aggregates', async () => {
    const aggregate = new Aggregator(1_000_000);
    for (const n of [1, 2]) aggregate.add({ partitionKey: 'k', data: Buffer.from(`record ${n}`) });
    const credentials = { accessKeyId: 'a', secretAccessKey: 'a' };
    using client = createKinesisClient({ region: 'us-east-1', endpoint: kinesis.endpoint, credentials });
    await client.putRecords({ stream: 'quiet', records: [{ partitionKey: 'k', data: aggregate.toBytes() }] });
    const { records } = await tail('quiet', '--from', 'earliest', '-d', '--limit', '2');
    expect(records.map(({ key, data }) => [key, data])).toEqual([
      ['k', 'record 1'],
      ['k', 'record 2'],
    ]);
  });

  it('says what it cannot follow', async () => {
    const answers = await Promise.all([
      tail('orders', '--from', 'yesterday'),
      tail('orders', '--to', '42'),
      tail('orders', '--shard', 'shardId-9'),
      tail('unknown'),
      tail('orders', '--filter', 'this.'),
    ]);
    expect(answers.map(({ code, stderr }) => [code, /\((\w+)\)\n$/.exec(stderr)?.[1]])).toEqual([
      [2, 'TAIL_USAGE'],
      [2, 'TAIL_USAGE'],
      [2, 'TAIL_USAGE'],
      [1, 'STREAM_NOT_FOUND'],
      [2, 'TAIL_USAGE'],
    ]);
  });
});
