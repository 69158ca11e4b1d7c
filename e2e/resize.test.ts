import { programFile, randomFor, runNode, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const SLUICE = programFile('sluice');
const TARGET = 'output/arrivals';

it('gives a target more and fewer lanes under load, and every record comes once and in the order of its key', async () => {
  await using pipeline = await Pipeline.start({ shards: 4 });
  const sluice = (...args: string[]) => runNode([SLUICE, ...args], { env: { SLUICE_REDIS_URL: pipeline.redis.url } });
  const { ingress } = await pipeline.startWorkers({ ingress: 2, egress: 3 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('resize'));
  // Unknown targets and numbers are refused before anything happens.
  expect(await sluice('lanes', 'resize', 'output/x', '3', '--yes')).toMatchObject({ code: 2 });
  expect(await sluice('lanes', 'resize', TARGET, '0', '--yes')).toMatchObject({ code: 2 });
  expect(await sluice('lanes', 'resize', TARGET, '3')).toMatchObject({ code: 1, stderr: expect.stringContaining('(NOT_CONFIRMED)') });

  feed.start(1_000);
  for (const lanes of [3, 16, 8]) {
    const before = pipeline.written;
    await until('some of them to be written', () => pipeline.written > before + 1_000);
    // A reader that is killed may leave a page of which the lanes have more than its checkpoint says.
    if (lanes === 16) await ingress[0]!.kill();
    expect(await sluice('lanes', 'resize', TARGET, String(lanes), '--yes', '--timeout', '120')).toMatchObject({
      code: 0,
      stdout: `${TARGET} has ${lanes} lanes now; configure that number, until then workers warn of it\n${lanes} of them have an owner\n`,
    });
    expect(await pipeline.lanes()).toHaveLength(lanes);
    if (lanes === 16) {
      // It is configured for 8 lanes, and takes the 16.
      ingress[0]!.start();
      await ingress[0]!.ready();
    }
  }
  await feed.stop();

  expect(await pipeline.deliveredOnce(feed.fed)).toEqual({
    ...{ fed: feed.fed.length, readBack: feed.fed.length, lost: 0 },
    ...{ duplicated: 0, foreign: 0, outOfOrder: 0 },
  });
  const { entries } = JSON.parse((await sluice('audit', '--format', 'json')).stdout);
  expect(entries.map(({ facts }: { facts: unknown }) => facts)).toEqual([
    { from: 16, to: 8 },
    { from: 3, to: 16 },
    { from: 8, to: 3 },
  ]);
});
