import { readFile, writeFile } from 'node:fs/promises';
import { sleep, systemClock } from '@sluice/core';
import { randomFor, type SeededRandom, until } from '@sluice/testkit';
import { DeliveryCheck, type DeliveryReport } from '@sluice/testkit/delivery';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { OUTPUT, Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS_A_KILL = 1_000;
const KILLS_EACH = 2;
const WITHIN_MS = 300_000;

it('brings the records of a stream to a file, none lost and first occurrences in order, while its egress-workers are killed', async () => {
  const random = randomFor('lane outputs');
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  const file = pipeline.configFile('arrivals.txt');
  await writeTo(
    pipeline,
    `
  broker:
    outputs:
      - drop: {}
      - switch: { cases: [{ check: this.number >= 0, output: { file: { path: ${JSON.stringify(file)} } } }] }
`,
  );
  const feed = await feedWhileKilling(pipeline, random);

  let report: DeliveryReport | undefined;
  await until(
    'all records',
    async () => {
      report = await compare(feed, file);
      return report.lost === 0 && (await pipeline.lanes()).every(({ records }) => records === 0);
    },
    WITHIN_MS,
  );
  process.stdout.write(`lane outputs: ${report!.fed} records, ${report!.duplicated} duplicates\n`);
  expect(report).toMatchObject({ fed: feed.fed.length, lost: 0, foreign: 0, outOfOrder: 0 });
  expect(await pipeline.deadLetters()).toEqual([]);
});

it('does the same through a broker to another stream', async () => {
  const random = randomFor('lane outputs');
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  await writeTo(
    pipeline,
    `
  broker:
    outputs:
      - drop: {}
      - aws_kinesis: { stream: ${OUTPUT}, partition_key: '\${! json("key") }', batching: { count: 500, period: 20ms } }
`,
  );
  const feed = await feedWhileKilling(pipeline, random);

  const report = await pipeline.delivered(feed.fed);
  process.stdout.write(`lane outputs: ${report.fed} records, ${report.duplicated} duplicates\n`);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
});

/** Feeds records and kills each egress-worker at work on them, now and then; resolves once all are in the source. */
async function feedWhileKilling(pipeline: Pipeline, random: SeededRandom): Promise<NumberedFeed> {
  const { egress } = await pipeline.startWorkers({ ingress: 1, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  for (let kill = 0; kill < KILLS_EACH; kill++) {
    for (const worker of egress) {
      await feed.feed(RECORDS_A_KILL);
      await sleep(systemClock, random.between(100, 1_000));
      await worker.kill();
      worker.start();
      await worker.ready();
    }
  }
  await feed.feed(RECORDS_A_KILL);
  return feed;
}

/** Has the pipeline write to another output in place of a stream, from an input of its own. */
async function writeTo(pipeline: Pipeline, output: string): Promise<void> {
  const input = `input:\n  aws_kinesis: { streams: [${SOURCE}], start_from_oldest: true }\n`;
  await writeFile(pipeline.configFile('module.yaml'), 'sluice: { egresses: { output/arrivals: { ordering: key } } }\n');
  await writeFile(pipeline.configFile('benthos.yaml'), `${input}output:\n  label: arrivals${output}`);
}

async function compare(feed: NumberedFeed, file: string): Promise<DeliveryReport> {
  const check = new DeliveryCheck();
  for (const record of feed.fed) check.feed(record);
  const text = await readFile(file, 'utf8').catch(() => '');
  // The last one may still be on its way.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  for (const line of lines.filter(Boolean))
    check.readBack({ partitionKey: (JSON.parse(line) as { key: string }).key, data: Buffer.from(line) });
  return check.report();
}
