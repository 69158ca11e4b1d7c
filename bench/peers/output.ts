/**
 * What it costs to write a record to Kinesis: the egress-worker from filled lanes, beside Benthos from a file.
 *
 *     node bench/peers/output.ts --benthos PATH [--records 200000] [--size 1024] [--rounds 3]
 *
 * The two take turns. What Benthos needs for its start, the file and its lines is taken off: the same file, written to `drop`. Of the
 * egress-worker only the start is taken off, the cost of a run with few records; reading from Redis counts.
 * Both write 500 records a request, each with its own partition key, into the emulator without quotas.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { usageOf } from '@sluice/testkit';
import { fill, recordOf } from '../pipeline/fill.ts';
import { counterIn, until } from '../pipeline/observe.ts';
import { type Stage, setStage } from '../pipeline/stage.ts';
import { cpuSecondsOf } from './benthos-process.ts';
import { compare } from './compare.ts';

const { values } = parseArgs({
  options: {
    benthos: { type: 'string' },
    records: { type: 'string', default: '200000' },
    size: { type: 'string', multiple: true, default: ['200', '1024', '10240'] },
    rounds: { type: 'string', default: '3' },
  },
});
const { benthos } = values;
if (benthos === undefined) throw new Error('expected --benthos PATH, the binary to compare with');

const SHARDS = 4;
/** Enough for a worker to have done each of its things once. */
const FEW = 2_000;
const PATIENCE_MS = 300_000;
/** So that the lanes take all that is read. */
const settings = {
  backpressure: { high_water_bytes: '8GiB', low_water_bytes: '1', high_water_records: 100_000_000, low_water_records: 1 },
};

for (const size of values.size.map(Number)) {
  // Larger records, fewer of them: a round takes about as long.
  const records = Math.ceil(Number(values.records) / Math.max(1, size / 2_048));
  const ours = async () => ((await egressSeconds(records, size)) - (await egressSeconds(FEW, size))) / (records - FEW);
  const theirs = async () => (await benthosSeconds(records, size)) / records;
  console.log(`${size} B, ${records} records: ${await compare({ ours, theirs, rounds: Number(values.rounds) })}`);
}

/** Of an egress-worker from its start until it has written all that an ingress-worker left in the lanes. */
async function egressSeconds(records: number, size: number): Promise<number> {
  await using stage = await setStage(SHARDS);
  await fill(stage.endpoint, 'source', records, size);
  await runUntil(stage, 'ingress-worker', 'sluice_ingress_enqueued_records_total', records);
  return await runUntil(stage, 'egress-worker', 'sluice_egress_records_total', records);
}

async function runUntil({ start }: Stage, name: 'ingress-worker' | 'egress-worker', counter: string, count: number): Promise<number> {
  const worker = await start(name, settings);
  await until(
    `${name} has handed on ${count} records`,
    async () => ((await counterIn(worker.metricsUrl, counter)) ?? 0) >= count,
    PATIENCE_MS,
  );
  const { cpuSeconds } = usageOf(worker.process.pid);
  await worker.process.stop();
  return cpuSeconds;
}

/** Of Benthos for writing to Kinesis, without its start and the reading of its file. */
async function benthosSeconds(records: number, size: number): Promise<number> {
  await using stage = await setStage(SHARDS);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const path = join(directory, 'lines');
    const file = createWriteStream(path);
    for (let index = 0; index < records; index++) {
      const { data } = recordOf(index, size);
      if (!file.write(`${Buffer.from(data).toString()}\n`)) await once(file, 'drain');
    }
    await finished(file.end());

    const run = { benthos: benthos!, directory, input: { file: { paths: [path], codec: 'lines' } } };
    const kinesis = {
      aws_kinesis: {
        ...{ stream: 'destination', partition_key: '${! count("records") }', region: 'us-east-1', endpoint: stage.endpoint },
        ...{ credentials: { id: 'local', secret: 'local' }, batching: { count: 500 } },
      },
    };
    return (await cpuSecondsOf({ ...run, output: kinesis })) - (await cpuSecondsOf({ ...run, output: { drop: {} } }));
  } finally {
    await rm(directory, { recursive: true });
  }
}
