/**
 * What it costs to move a record from stream to stream: ingress-worker, Redis and egress-worker together, beside one Benthos without a
 * durable queue.
 *
 *     node bench/peers/pipeline.ts --benthos PATH [--records 200000] [--size 1024] [--rounds 3]
 *
 * The two take turns, each with processes of its own and the emulator without quotas. Counted is from the first records written to nine
 * tenths of all: without the start, and without the end, where batches that are not full wait for their time.
 */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, spawnChild, usageOf } from '@sluice/testkit';
import { fill } from '../pipeline/fill.ts';
import { counterIn, pidOfRedis, until } from '../pipeline/observe.ts';
import { setStage } from '../pipeline/stage.ts';
import { startCheckpointTable } from './checkpoint-table.ts';
import { compare } from './compare.ts';

const { values } = parseArgs({
  options: {
    benthos: { type: 'string' },
    records: { type: 'string', default: '200000' },
    size: { type: 'string', multiple: true, default: ['200', '1024'] },
    rounds: { type: 'string', default: '3' },
  },
});
const { benthos } = values;
if (benthos === undefined) throw new Error('expected --benthos PATH, the binary to compare with');

const SHARDS = 4;
const PATIENCE_MS = 120_000;
const records = Number(values.records);

for (const size of values.size.map(Number)) {
  const ours = () => sluiceSeconds(size);
  const theirs = () => benthosSeconds(size);
  const line = await compare({ ours, theirs, rounds: Number(values.rounds) });
  console.log(`${size} B, ${records} records from stream to stream: ${line}`);
}

/** Of both workers and Redis, for a record. */
async function sluiceSeconds(size: number): Promise<number> {
  await using stage = await setStage(SHARDS);
  await fill(stage.endpoint, 'source', records, size);
  const workers = [await stage.start('egress-worker'), await stage.start('ingress-worker')];
  const pids = [...workers.map(({ process }) => process.pid), await pidOfRedis(stage.redis.url)];
  return await secondsOf(pids, workers[0]!.metricsUrl, 'sluice_egress_records_total');
}

/** Of Benthos, for a record. */
async function benthosSeconds(size: number): Promise<number> {
  await using stage = await setStage(SHARDS);
  await using table = await startCheckpointTable();
  await fill(stage.endpoint, 'source', records, size);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const address = `127.0.0.1:${await freePort()}`;
  const account = { region: 'us-east-1', credentials: { id: 'local', secret: 'local' } };
  const config = {
    http: { address },
    logger: { level: 'ERROR' },
    input: {
      aws_kinesis: {
        ...account,
        streams: ['source'],
        start_from_oldest: true,
        checkpoint_limit: 10_000,
        batching: { count: 500, period: '200ms' },
        dynamodb: { table: 'checkpoints' },
      },
    },
    output: {
      aws_kinesis: {
        ...{ ...account, stream: 'destination' },
        partition_key: '${! metadata("kinesis_partition_key") }',
      },
    },
  };
  await writeFile(join(directory, 'peer.yaml'), JSON.stringify(config));
  const env = { ...process.env, AWS_ENDPOINT_URL_KINESIS: stage.endpoint, AWS_ENDPOINT_URL_DYNAMODB: table.url };
  const child = spawnChild(benthos!, ['-c', join(directory, 'peer.yaml')], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    return await secondsOf([child.pid!], `http://${address}/metrics`, 'output_sent');
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true });
  }
}

/** What the processes use for each record that the counter counts, from the first to nine tenths of all. */
async function secondsOf(pids: readonly number[], metricsUrl: string, counter: string): Promise<number> {
  const reached = async (wanted: number) => {
    let counted = 0;
    const isThere = async () => {
      counted = (await counterIn(metricsUrl, counter)) ?? 0;
      return counted >= wanted;
    };
    await until(`${counter} is ${wanted}`, isThere, PATIENCE_MS);
    return { counted, cpuSeconds: pids.reduce((sum, pid) => sum + usageOf(pid).cpuSeconds, 0) };
  };
  const first = await reached(1);
  const last = await reached(0.9 * records);
  return (last.cpuSeconds - first.cpuSeconds) / (last.counted - first.counted);
}
