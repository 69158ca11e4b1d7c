import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrors, loadConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import { holdOf } from '../testing/writer-rig.ts';
import { compileEgress } from './compile-egress.ts';

describe('compileEgress', () => {
  it('compiles a Benthos output: keys, batching, budget, time-out', async () => {
    const egress = await compile(`
output:
  label: orders
  aws_kinesis:
    stream: orders
    partition_key: '\${! json("id") }'
    hash_key: '7'
    max_in_flight: 3
    max_retries: 5
    backoff: { initial_interval: 250ms, max_interval: 2s, max_elapsed_time: 1m }
    batching: { count: 100, byte_size: 5000, period: 1s, check: 'batch_size() > 2' }
`);

    expect(egress).toMatchObject({
      id: 'output/orders',
      stream: { type: 'fixed', stream: 'orders' },
      ordering: 'key',
      maxInFlight: 3,
      limits: { maxRecords: 500, maxBytes: 10_485_760 },
      retry: { backoff: { initialIntervalMs: 250, maxIntervalMs: 2_000, maxElapsedMs: 60_000, maxRetries: 5 } },
      batching: { count: 100, byteSize: 5_000, periodMs: 1_000 },
      requestTimeoutMs: 10_000,
      maxRequestTimeoutMs: 60_000,
    });
    const batch = ['{"id":"a"}', '{"id":"b"}', '{"id":"c"}'].map(inHand);
    const { partitionKey, hashKey } = egress.keys;
    expect([key(partitionKey, batch, 1), key(hashKey, batch, 1)]).toEqual(['b', '7']);
    expect([egress.batching!.check!(batch.slice(0, 2)), egress.batching!.check!(batch)]).toEqual([false, true]);
  });

  it('has no batcher for an output without batching, or with `count: 1`', async () => {
    const output = (batching: string) => `output: { aws_kinesis: { stream: s, partition_key: k${batching} } }\n`;
    expect((await compile(output(''))).batching).toBeUndefined();
    expect((await compile(output(', batching: { count: 1 }'))).batching).toBeUndefined();
  });

  it('compiles processors: those of the pipeline and the output for each record, those of the policy for each batch', async () => {
    const egress = await compile(`
pipeline: { processors: [{ mapping: root.a = this.n }] }
output:
  processors: [{ mutation: root.b = 2 }]
  aws_kinesis: { stream: s, partition_key: k, batching: { count: 1, processors: [{ archive: { format: lines } }] } }
error_handling: { strict: true }
`);
    const messages = ['{"n":1}', '{"n":3}'].map((text) => ({ content: Buffer.from(text), metadata: {} }));
    const processing = [egress.processing?.records?.run(messages), egress.processing?.batches?.run(messages)];
    const [records, batches] = (await Promise.all(processing)).map((processed) =>
      processed?.map(({ message, sources }) => [Buffer.from(message.content).toString(), sources]),
    );

    expect(records).toEqual([
      ['{"a":1,"b":2}', [0]],
      ['{"a":3,"b":2}', [1]],
    ]);
    expect(batches).toEqual([['{"n":1}\n{"n":3}', [0, 1]]]);
    expect(egress).toMatchObject({ batching: { count: 1 }, processing: { refusesFailed: true } });
  });

  it('compiles a module.yaml egress: keys of the record, the linger and the outstanding records of its connector', async () => {
    const egress = await compile(`
kind: io.statefun.kinesis.v1/egress
spec: { id: com.example/out, maxOutstandingRecords: 77 }
---
sluice: { egresses: { com.example/out: { stream: fixed, ordering: strict } } }
`);

    expect(egress).toMatchObject({
      id: 'com.example/out',
      stream: { type: 'record', default: 'fixed' },
      ordering: 'strict',
      keys: { partitionKey: 'record', hashKey: 'record' },
      batching: { count: 0, byteSize: 5_242_880, periodMs: 100 },
      budget: { records: 77 },
    });
  });

  it('takes a configured request time-out as it is, however long a lease lasts', async () => {
    const egress = await compile(`
kind: io.statefun.kinesis.v1/egress
spec: { id: com.example/out, clientConfigProperties: [{ RequestTimeout: 20000 }] }
---
sluice: { egresses: { com.example/out: { stream: fixed } } }
`);
    expect(egress).toMatchObject({ requestTimeoutMs: 20_000, maxRequestTimeoutMs: 20_000 });
  });

  it('refuses a lease that leaves no time for a request', async () => {
    const load = compile(`
output: { aws_kinesis: { stream: s, partition_key: k } }
---
sluice: { lease: { ttl: 2s, renew: 900ms } }
`);

    await expect(load).rejects.toThrow('`ttl` must be at least twice `renew`');
  });
});

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function compile(...texts: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-compile-'));
  folders.push(folder);
  const documents = texts.flatMap((text) => text.split('---\n'));
  const files = documents.map((_, index) => join(folder, `${index}.yaml`));
  for (const [index, text] of documents.entries()) await writeFile(files[index]!, text);
  const { config, problems } = await loadConfig({ files, env: {} });
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join('\n'));
  return compileEgress(config.egresses[0]!, { egressCount: 1, logger: silentLogger, clock: systemClock });
}

const inHand = (text: string) => holdOf().records(text)[0]!;

const key = (template: ReturnType<typeof compileEgress>['keys']['partitionKey'] | 'none', batch: RecordInHand[], index: number) =>
  typeof template === 'function' ? template(batch, index) : template;
