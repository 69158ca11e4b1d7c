import { type Rig, startRig, TARGET, until } from '@sluice/egress/testing';
import { startRedisServer } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { command } from './testing/command.ts';

describe('the egress-worker command', () => {
  it('serves a Benthos output: keys by interpolation, a batch policy, and a clean end on SIGTERM', async () => {
    await using rig = await startRig({ streams: { orders: 2 } });
    const sender = await rig.openSender('output/orders');
    const data = (customer: string, note: string) => Buffer.from(JSON.stringify({ customer, note }));
    const record = (customer: string, note: string) => ({ partitionKey: 'p', data: data(customer, note), metadata: { tenant: 't1' } });
    await sender.enqueue(
      [{ lane: 0, records: [record('ada', 'one'), record('bob', 'two'), record('ada', 'three')] }],
      sender.session.epoch,
    );
    await using worker = await command(rig, {
      'pipeline.yaml': `
output:
  label: orders
  aws_kinesis:
    stream: orders
    partition_key: '\${! json("customer") }-\${! metadata("tenant") }'
    endpoint: ${rig.emulator.endpoint}
    region: us-east-1
    credentials: { id: test, secret: test }
    batching: { count: 10, period: 50ms }
    max_in_flight: 4
`,
    });

    await until(async () => (await rig.readRecords('orders')).length === 3);
    const records = await rig.readRecords('orders');
    expect(records.map(({ partitionKey, text }) => `${partitionKey} ${JSON.parse(text).note}`).toSorted()).toEqual([
      'ada-t1 one',
      'ada-t1 three',
      'bob-t1 two',
    ]);
    await expect(worker.stop()).resolves.toBe(0);
  });

  it('serves a module.yaml egress whose stream our settings name, with the keys of the source', async () => {
    await using rig = await startRig();
    await rig.sender.enqueue([{ lane: 2, records: [{ partitionKey: 'k1', data: Buffer.from('hello'), metadata: {} }] }], rig.session.epoch);
    await using worker = await command(rig, {
      'module.yaml': `
kind: io.statefun.kinesis.v1/egress
spec:
  id: ${TARGET}
  awsRegion: { type: specific, id: us-east-1 }
  awsCredentials: { type: basic, accessKeyId: test, secretAccessKey: test }
`,
      'sluice.yaml': `sluice: { lanes: 4, egresses: { ${TARGET}: { stream: out } } }\n`,
    });

    await until(async () => (await rig.readRecords('out')).length === 1);
    expect(await rig.readRecords('out')).toEqual([{ partitionKey: 'k1', text: 'hello' }]);
    await expect(worker.stop()).resolves.toBe(0);
  });

  it('says in one line what is wrong, and ends with a code', async () => {
    await using rig = await startRig({ acceptedAccessKeyIds: ['good', 'test'] });
    const benthos = (stream: string, id = 'good') => `
output:
  aws_kinesis:
    stream: ${stream}
    partition_key: x
    endpoint: ${rig.emulator.endpoint}
    region: us-east-1
    credentials: { id: ${id}, secret: test }
`;
    const complaints = [
      await complaintOf(rig, { 'a.yaml': benthos('nowhere') }),
      await complaintOf(rig, { 'a.yaml': benthos('out', 'bad') }),
      await complaintOf(rig, { 'a.yaml': 'sluice: { lanes: 4 }\n' }),
      await complaintOf(rig, {}, ['--config', '/nonexistent.yaml']),
    ];

    expect(complaints).toEqual([
      [1, expect.stringMatching(/^egress-worker: stream nowhere was not found: .*\n$/)],
      [1, expect.stringMatching(/^egress-worker: kinesis refused the credentials for stream out: .*\n$/)],
      [
        1,
        expect.stringMatching(
          /^egress-worker: expected an `aws_kinesis` output, another output behind an `aws_kinesis` input, or a module.yaml egress in the configuration, found none .*\n$/,
        ),
      ],
      [1, expect.stringContaining('/nonexistent.yaml')],
    ]);
  });

  it('refuses a Redis that forgets', async () => {
    await using rig = await startRig();
    await using volatile = await startRedisServer({ appendOnly: false });
    const [code, complaint] = await complaintOf(
      rig,
      { 'a.yaml': 'output: { aws_kinesis: { stream: out, partition_key: x, region: us-east-1 } }\n' },
      ['--redis-url', volatile.url],
    );

    expect([code, complaint]).toEqual([
      1,
      expect.stringMatching(/^egress-worker: redis at .* has no persistence: .*--allow-volatile.*\n$/),
    ]);
  });
});

/** The exit code, and what was written to standard error beside the log. */
async function complaintOf(
  rig: Rig,
  files: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<[number | null, string]> {
  await using worker = await command(rig, files, flags);
  const code = await worker.exitCode;
  const lines = worker.log().split(/(?<=\n)/);
  return [code, lines.filter((line) => !line.startsWith('{')).join('')];
}
