import { readFile, writeFile } from 'node:fs/promises';
import { sleep, systemClock } from '@sluice/core';
import { randomFor, until } from '@sluice/testkit';
import { DeliveryCheck, type DeliveryReport } from '@sluice/testkit/delivery';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS = 5_000;
const KILLS_EACH = 2;

it('brings the records of a stream to a file, none lost and first occurrences in order, while its egress-workers are killed', async () => {
  const random = randomFor('lane outputs');
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  const file = await writeToFile(pipeline);
  const { egress } = await pipeline.startWorkers({ ingress: 1, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  feed.start(500);

  for (let kill = 0; kill < KILLS_EACH; kill++) {
    for (const worker of egress) {
      await sleep(systemClock, random.between(300, 2_000));
      await worker.kill();
      worker.start();
      await worker.ready();
    }
  }
  await feed.stop(RECORDS);

  let report: DeliveryReport | undefined;
  await until('all records', async () => {
    report = await compare(feed, file);
    return report.lost === 0 && (await pipeline.lanes()).every(({ records }) => records === 0);
  });
  process.stdout.write(`lane outputs: ${report!.fed} records, ${report!.duplicated} duplicates\n`);
  expect(report).toMatchObject({ fed: feed.fed.length, lost: 0, foreign: 0, outOfOrder: 0 });
  expect(await pipeline.deadLetters()).toEqual([]);
});

/** Has the pipeline write to a file in place of a stream; answers which. */
async function writeToFile(pipeline: Pipeline): Promise<string> {
  const file = pipeline.configFile('arrivals.txt');
  await writeFile(pipeline.configFile('module.yaml'), 'sluice: {}\n');
  await writeFile(
    pipeline.configFile('benthos.yaml'),
    `
input:
  aws_kinesis: { streams: [${SOURCE}], start_from_oldest: true }
output:
  label: arrivals
  broker:
    outputs:
      - drop: {}
      - switch: { cases: [{ check: this.number >= 0, output: { file: { path: ${JSON.stringify(file)} } } }] }
`,
  );
  return file;
}

async function compare(feed: NumberedFeed, file: string): Promise<DeliveryReport> {
  const check = new DeliveryCheck();
  for (const record of feed.fed) check.feed(record);
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const line of text.split('\n').filter(Boolean))
    check.readBack({ partitionKey: (JSON.parse(line) as { key: string }).key, data: Buffer.from(line) });
  return check.report();
}
