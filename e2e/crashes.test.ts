import { sleep, systemClock } from '@sluice/core';
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { Worker } from './src/worker.ts';

const RECORDS = 20_000;
const KILLS_EACH = 3;
const LEASE = { ttl: '2s', renew: '400ms' };
/** Of a worker that was killed, the lanes are its own for so long at least. */
const OWNED_MS = 1_000;

it('loses nothing and keeps first occurrences in order while every worker is killed at random moments', async () => {
  const random = randomFor('crashes');
  await using pipeline = await Pipeline.start({ lease: LEASE });
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  // Requests take their time, so that kills find some under way.
  await pipeline.kinesis.setFaults({ PutRecords: { latencyMs: [0, 40] } });
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  feed.start(1_000);

  const kills = (await Promise.all([...ingress, ...egress].map((worker) => killAgainAndAgain(pipeline, worker, random)))).flat();
  await feed.stop(RECORDS);

  const report = await pipeline.delivered(feed.fed);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  // What a killed worker had written of the jobs in its hand is written again, and what a worker on a busy machine could not confirm in time.
  const unconfirmed = [...kills, ...[...ingress, ...egress].map((worker) => ({ unconfirmed: worker.unconfirmed() }))];
  const explained =
    kills.reduce((total, { id, inHand }) => total + Math.min(inHand, writtenBy(pipeline, id)), 0) +
    unconfirmed.reduce((total, life) => total + life.unconfirmed, 0);
  const unanswered = kills.reduce((total, { id, atMs }) => total + writtenBy(pipeline, id, atMs), 0);
  process.stdout.write(
    `crashes: ${report.fed} records, ${report.duplicated} duplicates; explained ${explained}, of which ${unanswered} had no answer at the kill\n`,
  );
  expect(report.duplicated).toBeLessThanOrEqual(explained);
});

interface Kill {
  /** Of the life that ended. */
  readonly id: string;
  readonly atMs: number;
  /** Records of the jobs that it had taken and not acknowledged; without limit where the machine was too slow to look in time. */
  readonly inHand: number;
  /** Records that it had written and whose jobs it could not settle, since its lease had expired. */
  readonly unconfirmed: number;
}

async function killAgainAndAgain(pipeline: Pipeline, worker: Worker, random: SeededRandom): Promise<Kill[]> {
  const kills: Kill[] = [];
  while (kills.length < KILLS_EACH) {
    await sleep(systemClock, random.between(300, 3_500));
    const atMs = await worker.kill();
    const inHand = await pipeline.inHandOf(worker.id);
    const isInTime = Date.now() < atMs + OWNED_MS;
    kills.push({ id: worker.id, atMs, inHand: isInTime ? inHand : Number.POSITIVE_INFINITY, unconfirmed: worker.unconfirmed() });
    worker.start();
    await worker.ready();
  }
  return kills;
}

/** Records that a life sent to the destination, from a moment on. */
const writtenBy = (pipeline: Pipeline, id: string, fromMs = 0): number =>
  pipeline.writes().reduce((total, { accessKeyId, atMs, records }) => (accessKeyId === id && atMs >= fromMs ? total + records : total), 0);
