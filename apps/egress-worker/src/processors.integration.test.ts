import { gunzipSync } from 'node:zlib';
import { ambiguousOf, audit, chainOf, feed, type Rig, refusingChainOf, startRig, TARGET, until } from '@sluice/egress/testing';
import { listDeadLetters, readLaneCounts } from '@sluice/queue';
import { Stopwatch } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { command } from './testing/command.ts';

const LINES = { type: 'archive', options: { format: 'lines' } };
const fed = { keys: 20, perKey: 200 };

describe('processors of a Benthos output', () => {
  it('filter records, archive and compress batches; SIGTERM lets the incomplete batch leave', async () => {
    await using rig = await startRig({ streams: { orders: 2 } });
    const sender = await rig.openSender('output/orders');
    const numbers = Array.from({ length: 98 }, (_, n) => n);
    for (const n of numbers) {
      const partitionKey = `k${n % 7}`;
      const records = [{ partitionKey, data: Buffer.from(`{"n":${n}}`), metadata: {} }];
      await sender.enqueue([{ lane: sender.laneOf(partitionKey), records }], sender.session.epoch);
    }
    await using worker = await command(rig, {
      'pipeline.yaml': `
pipeline:
  processors:
    - mapping: 'root = if this.n % 19 == 0 { deleted() }'
output:
  label: orders
  aws_kinesis:
    stream: orders
    partition_key: '\${! content().hash("xxhash64") }'
    endpoint: ${rig.emulator.endpoint}
    region: us-east-1
    credentials: { id: test, secret: test }
    batching:
      count: 10
      processors:
        - archive: { format: json_array }
        - compress: { algorithm: gzip }
`,
    });
    const kept = numbers.filter((n) => n % 19 !== 0);

    await until(async () => (await archives(rig)).length === 9);
    expect((await archives(rig)).map(({ length }) => length)).toEqual(Array(9).fill(10));
    await expect(worker.stop()).resolves.toBe(0);
    const written = await archives(rig);
    expect(written.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([2, ...Array(9).fill(10)]);
    expect(written.flat().toSorted((a, b) => a - b)).toEqual(kept);
    expect(await recordsLeft(rig, 'output/orders')).toBe(0);
  });
});

describe('an egress-worker with processors', () => {
  const archiving = {
    batching: { count: 10, byteSize: 0, periodMs: 50 },
    processing: { records: undefined, batches: chainOf(LINES), refusesFailed: false },
    keys: { partitionKey: () => 'one', hashKey: 'none' },
  } as const;

  it('keeps the order of each source key and repeats nothing when requests fail', async () => {
    await using rig = await startRig({ faults: { PutRecords: { errorRate: 0.2, recordErrorRate: 0.1 } } });
    await feed(rig.sender, fed);
    await rig.startWorker({ ...archiving, ordering: 'strict' });

    await until(async () => (await recordsLeft(rig, TARGET)) === 0);
    expect(audit(await linesOf(rig), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
  });

  it('shares its lanes with another worker in mid-stream, although archives hold records of several lanes', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [20, 60] } } });
    await feed(rig.sender, { ...fed, perJob: 20 });
    const slow = { ...archiving, ordering: 'strict', maxInFlight: 1 } as const;
    const first = await rig.startWorker(slow);
    await until(() => first.events.filter(({ type }) => type === 'request.answered').length > 5);
    const second = await rig.startWorker(slow);

    await until(async () => (await recordsLeft(rig, TARGET)) === 0);
    expect(audit(await linesOf(rig), fed)).toEqual({ missing: 0, repeated: 0, outOfOrder: 0 });
    expect(second.events.some(({ type }) => type === 'request.answered')).toBe(true);
  });

  it('stops within two seconds in mid-stream, and another worker goes on', async () => {
    await using rig = await startRig({ faults: { PutRecords: { latencyMs: [300, 900] } } });
    await feed(rig.sender, { ...fed, perJob: 50 });
    const first = await rig.startWorker({ ...archiving, ordering: 'strict', maxInFlight: 2 });
    await until(() => first.events.some(({ type }) => type === 'request.answered'));
    // So long an answer takes at most.
    using stopwatch = new Stopwatch({ fixedMs: 900 });
    first.stop();
    await first.ended;
    expect(stopwatch.stop()).toBeLessThan(2_000);

    rig.emulator.faults.clear();
    await rig.startWorker(archiving);
    await until(async () => (await recordsLeft(rig, TARGET)) === 0);
    const { missing, repeated, outOfOrder } = audit(await linesOf(rig), fed);
    expect({ missing, outOfOrder }).toEqual({ missing: 0, outOfOrder: 0 });
    // On a busy machine an answer may take longer than the 1.5 s that a worker waits for it. It then says how many records may repeat.
    expect(repeated).toBeLessThanOrEqual(ambiguousOf(first));
  });

  it('makes dead letters of records that a processor fails for, where such are refused; their neighbours are written', async () => {
    await using rig = await startRig();
    await feed(rig.sender, { keys: 2, perKey: 10 });
    const failing = 'root = if content() == "k1-3" { throw("three") } else { content() }';
    await rig.startWorker({
      ...archiving,
      processing: { records: undefined, batches: refusingChainOf(failing, LINES), refusesFailed: true },
    });

    await until(async () => (await recordsLeft(rig, TARGET)) === 0);
    await until(async () => (await listDeadLetters(rig.session, { target: TARGET })).length > 0);
    const [letter, ...others] = await listDeadLetters(rig.session, { target: TARGET });
    expect([letter?.reason, others]).toEqual([
      {
        code: 'PROCESSING_FAILED',
        disposition: 'reject',
        message: 'processor 0 failed: failed assignment (line 1): three',
        details: { processor: '0' },
      },
      [],
    ]);
    expect(audit(await linesOf(rig), { keys: 2, perKey: 10 })).toMatchObject({ missing: 1, repeated: 0 });
  });
});

describe('a crash processor', () => {
  it('ends the worker, and what is in hand stays in its lane', async () => {
    await using rig = await startRig({ streams: { orders: 2 } });
    const sender = await rig.openSender('output/orders');
    const records = [{ partitionKey: 'k', data: Buffer.from('x'), metadata: {} }];
    await sender.enqueue([{ lane: sender.laneOf('k'), records }], sender.session.epoch);
    await using worker = await command(rig, {
      'pipeline.yaml': `
pipeline:
  processors:
    - crash: bye
output:
  label: orders
  aws_kinesis:
    stream: orders
    partition_key: k
    endpoint: ${rig.emulator.endpoint}
    region: us-east-1
    credentials: { id: a, secret: b }
`,
    });

    expect(await worker.exitCode).toBe(1);
    expect(worker.log()).toContain('"msg":"bye"');
    expect(await recordsLeft(rig, 'output/orders')).toBe(1);
  });
});

const archives = async (rig: Rig): Promise<number[][]> =>
  (await rig.readData('orders')).map((data) => (JSON.parse(gunzipSync(data).toString()) as { n: number }[]).map(({ n }) => n));

const linesOf = async (rig: Rig): Promise<string[]> => (await rig.readAll()).flatMap((text) => text.split('\n'));

const recordsLeft = async ({ session }: Rig, target: string): Promise<number> =>
  (await readLaneCounts(session, { target })).reduce((sum, { records }) => sum + records, 0);
