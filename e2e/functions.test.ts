import { sleep, systemClock } from '@sluice/core';
import type { OutgoingRecord } from '@sluice/kinesis';
import { randomFor, type SeededRandom, until } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { expect, it } from 'vitest';
import { FunctionsPipeline, GREETINGS, VISITS } from './src/functions-pipeline.ts';

const KEYS = 200;
const ROUNDS = 30;
const KILLS = 3;
const CRASHES = 3;
/** Bytes of its file that a Redis loses at most. */
const MOST_LOST_BYTES = 100_000;

it('greets each visitor once, whatever is killed: counters of state exact, nothing lost, doubled or out of order', async () => {
  const random = randomFor('functions');
  await using pipeline = await FunctionsPipeline.start();
  const workers = await Promise.all([
    pipeline.startWorker('function-worker', 'functions-1'),
    pipeline.startWorker('function-worker', 'functions-2'),
  ]);
  await pipeline.startWorker('ingress-worker', 'ingress-1');
  const kill = async () => {
    for (let round = 0; round < KILLS; round++) {
      for (const worker of workers) {
        await sleep(systemClock, random.between(100, 600));
        await worker.kill();
        worker.start();
        await worker.ready();
      }
      await pipeline.restartGreeter();
    }
  };
  const [visits] = await Promise.all([feed(pipeline, random), kill()]);
  const egress = await pipeline.startWorker('egress-worker', 'egress-1');
  await workedOff(pipeline, visits);
  expect(await countsOf(pipeline, visits)).toEqual(expectedCounts(visits));
  const greetings = await greetingsOf(pipeline, visits);
  // Where the machine had no processor for the egress-worker, that says how many may repeat.
  expect(egress.mayRepeat() > 0 ? firstsOf(greetings) : greetings).toEqual(expectedGreetings(visits));
});

it('counts each visit once, and repeats greetings at most, when Redis comes back without the end of what it wrote', async () => {
  const random = randomFor('functions, Redis older');
  await using pipeline = await FunctionsPipeline.start();
  await pipeline.startWorker('function-worker', 'functions-1');
  await pipeline.startWorker('ingress-worker', 'ingress-1');
  await pipeline.startWorker('egress-worker', 'egress-1');
  const cuts: number[] = [];
  const crash = async () => {
    for (let round = 0; round < CRASHES; round++) {
      await sleep(systemClock, random.between(300, 900));
      cuts.push(await pipeline.redis.crash(random.between(0, MOST_LOST_BYTES)));
      await pipeline.redis.rewritten();
    }
  };
  const [visits] = await Promise.all([feed(pipeline, random), crash()]);
  await workedOff(pipeline, visits);
  process.stdout.write(`functions: Redis lost ${cuts.join(', ')} bytes\n`);
  // State, messages, timers and acks are lost together, so what comes again counts as if it came for the first time.
  expect(await countsOf(pipeline, visits)).toEqual(expectedCounts(visits));
  expect(firstsOf(await greetingsOf(pipeline, visits))).toEqual(expectedGreetings(visits));
});

type Counts = readonly [id: string, greeter: number, mirror: number];

/** What each visitor said, in order. */
type Visits = ReadonlyMap<string, readonly string[]>;

async function feed(pipeline: FunctionsPipeline, random: SeededRandom): Promise<Visits> {
  const visits = new Map<string, string[]>();
  for (let round = 0; round < ROUNDS; round++) {
    const records = Array.from({ length: 100 }, (_, index): OutgoingRecord => {
      const partitionKey = `visitor-${random.between(1, KEYS)}`;
      const text = `${round}.${index}`;
      visits.set(partitionKey, [...(visits.get(partitionKey) ?? []), text]);
      return { partitionKey, data: Buffer.from(text) };
    });
    const { failedCount } = await pipeline.client.putRecords({ stream: VISITS, records });
    expect(failedCount).toBe(0);
    await sleep(systemClock, 50);
  }
  return visits;
}

/** Resolves once every visit is counted, also by the mirror, and nothing waits any more. */
async function workedOff(pipeline: FunctionsPipeline, visits: Visits): Promise<void> {
  const isCounted = async () => {
    const counts = await countsOf(pipeline, visits);
    return expectedCounts(visits).every(([, greeter, mirror], index) => counts[index]![1] >= greeter && counts[index]![2] >= mirror);
  };
  await until('every message to be worked off', async () => (await pipeline.waiting()) === 0 && (await isCounted()), 300_000);
}

/** Of each visitor: how often the greeter and its mirror counted. */
const countsOf = (pipeline: FunctionsPipeline, visits: Visits): Promise<Counts[]> =>
  Promise.all([...visits.keys()].map(async (id) => [id, await pipeline.count('greeter', id), await pipeline.count('mirror', id)] as const));

const expectedCounts = (visits: Visits): Counts[] => [...visits].map(([id, texts]) => [id, texts.length, texts.length * 2]);

type Greetings = Array<[id: string, texts: string[] | undefined]>;

/** Each greeting once, where it came first. */
const firstsOf = (greetings: Greetings) => greetings.map(([id, texts]) => [id, [...new Set(texts)]]);

/** The greetings in the stream, of each visitor in order. */
async function greetingsOf(pipeline: FunctionsPipeline, visits: Visits): Promise<Greetings> {
  const greetings = new Map<string, string[]>();
  for await (const { partitionKey, data } of readBack(pipeline.client, GREETINGS)) {
    greetings.set(partitionKey, [...(greetings.get(partitionKey) ?? []), Buffer.from(data).toString()]);
  }
  return [...visits.keys()].map((id) => [id, greetings.get(id)]);
}

const expectedGreetings = (visits: Visits) => [...visits].map(([id, texts]) => [id, texts.map((text, index) => `${text} ${index + 1}`)]);
