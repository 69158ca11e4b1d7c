import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { Worker } from './src/worker.ts';

const RECORDS = 10_000;
const MARK = ',"version":2';
const VERSION_2 = `processors: [{ mapping: 'root = this.merge({"version": 2})' }]`;

it('puts a new configuration in force on SIGHUP under load, or refuses it; nothing is lost, repeated or out of order', async () => {
  await using pipeline = await Pipeline.start();
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('reload'));
  feed.start(1_000);
  await until('records to arrive', () => pipeline.written > 500);

  await edit(pipeline, 'benthos.yaml', (text) => text.replace('count: 500, period: 20ms', `count: 50, period: 60ms, ${VERSION_2}`));
  await reload(egress, 'applied');
  await reload(ingress, 'applied');
  for (const worker of egress) expect(lastOf(worker, TOLD.applied)).toMatchObject({ started: 'egress:output/arrivals' });
  // What an ingress is made of has not changed.
  for (const worker of ingress) expect(lastOf(worker, TOLD.applied)).toMatchObject({ started: '' });
  await flowsOn(pipeline);

  const good = await edit(pipeline, 'benthos.yaml', (text) => text.replace('this.merge', 'this.merg'));
  await reload([...egress, ...ingress], 'refused');
  expect(lastOf(egress[0]!, 'configuration has a problem')).toMatchObject({ level: 'error', line: 8, problem: 'bloblang.invalid' });
  expect(lastOf(egress[0]!, 'configuration has a problem')?.['file']).toContain('benthos.yaml');
  await writeFile(pipeline.configFile('benthos.yaml'), good);
  await edit(pipeline, 'sluice.yaml', (text) => text.replace('lanes: 8', 'lanes: 9\n  redis: { prefix: other }'));
  await reload([...egress, ...ingress], 'refused');
  expect(lastOf(ingress[1]!, TOLD.refused)?.['message']).toMatch(
    /found `sluice\.redis\.prefix`, `sluice\.lanes`, the lanes of egress `output\/arrivals` \(8 → 9\): nothing was changed/,
  );
  await flowsOn(pipeline);

  await edit(pipeline, 'sluice.yaml', (text) =>
    text.replace('lanes: 9\n  redis: { prefix: other }', 'lanes: 8\n  backpressure: { high_water_records: 3000000 }'),
  );
  await reload([...ingress, ...egress], 'applied');
  for (const worker of ingress) expect(lastOf(worker, TOLD.applied)).toMatchObject({ started: 'ingress:com.example/departures' });
  await flowsOn(pipeline);
  await feed.stop(RECORDS);
  let marked = 0;
  const original = (data: Uint8Array) => {
    const text = Buffer.from(data).toString();
    if (text.includes(MARK)) marked++;
    return Buffer.from(text.replace(MARK, ''));
  };
  const count = feed.fed.length;
  expect(await pipeline.deliveredOnce(feed.fed, { original })).toEqual({
    ...{ fed: count, readBack: count, lost: 0, duplicated: 0, foreign: 0, outOfOrder: 0 },
  });
  expect(marked).toBeGreaterThan(0);
  for (const worker of [...ingress, ...egress]) expect((await worker.terminate()).code).toBe(0);
});

it('notices a ConfigMap whose symlink was replaced', async () => {
  await using pipeline = await Pipeline.start({ shards: 1 });
  const file = pipeline.configFile('benthos.yaml');
  const folder = dirname(file);
  const text = await readFile(file, 'utf8');
  const publish = async (version: string, content: string) => {
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, 'benthos.yaml'), content);
    await symlink(version, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await publish('..1', text);
  await symlink('..data/benthos.yaml', join(folder, 'link'));
  await rename(join(folder, 'link'), file);
  const workers = ['egress-worker', 'ingress-worker'] as const;
  const [egress, ingress] = workers.map((app) => pipeline.worker(app, app, { SLUICE_WATCHER: 'true' })) as [Worker, Worker];
  for (const worker of [egress, ingress]) worker.start();
  await Promise.all([egress.ready(), ingress.ready()]);

  await publish('..2', text.replace('count: 500, period: 20ms', `count: 500, period: 20ms, ${VERSION_2}`));
  await until('both to notice', async () =>
    (await Promise.all([egress, ingress].map((worker) => reloads(worker, 'applied')))).every((n) => n === 1),
  );
  await publish('..3', text.replace('output:', 'outputs:'));
  await until('it to be refused', async () => (await reloads(egress, 'refused')) === 1);
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('watch'));
  await feed.feed(500);
  const original = (data: Uint8Array) => Buffer.from(Buffer.from(data).toString().replace(MARK, ''));
  expect(await pipeline.deliveredOnce(feed.fed, { original })).toMatchObject({ lost: 0, duplicated: 0, foreign: 0, outOfOrder: 0 });
});

/** Answers the text before. */
async function edit(pipeline: Pipeline, name: string, change: (text: string) => string): Promise<string> {
  const file = pipeline.configFile(name);
  const before = await readFile(file, 'utf8');
  expect(change(before)).not.toBe(before);
  await writeFile(file, change(before));
  return before;
}

/** What the log says of an outcome, last of all. */
const TOLD = {
  applied: 'new configuration is in force',
  refused: 'new configuration was refused; the one before stays in force',
} as const;

/** Asks workers to load their configuration anew, and waits until each tells of the outcome, in its figures and in its log. */
async function reload(workers: readonly Worker[], outcome: keyof typeof TOLD): Promise<void> {
  await Promise.all(
    workers.map(async (worker) => {
      const timesTold = () => worker.log().filter(({ msg }) => msg === TOLD[outcome]).length;
      const before = { counted: await reloads(worker, outcome), told: timesTold() };
      worker.signal('SIGHUP');
      await until(`${worker.id} to say ${outcome}`, async () => (await reloads(worker, outcome)) > before.counted);
      await until(`${worker.id} to log that`, () => timesTold() > before.told);
      await worker.ready();
    }),
  );
}

const reloads = (worker: Worker, outcome: string): Promise<number> => worker.counter('sluice_config_reloads_total', `outcome="${outcome}"`);

const lastOf = (worker: Worker, message: string) => worker.log().findLast(({ msg }) => msg === message);

async function flowsOn(pipeline: Pipeline): Promise<void> {
  const before = pipeline.written;
  await until('records to flow on', () => pipeline.written > before + 500);
}
