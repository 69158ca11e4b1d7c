import { describe, expect, it } from 'vitest';
import { installation } from '../../fixture/installation.ts';
import { headlineOf } from './headline.ts';
import { troublesOf } from './troubles.ts';

const NOW = Date.UTC(2026, 0, 31, 8, 0, 0);
const small = installation('small', NOW);
const titleOf = (overview: typeof small) => headlineOf(overview, troublesOf(overview)).title;

describe('headlineOf', () => {
  it('says that all is well, with how much flows and how far behind it is', () => {
    expect(headlineOf(small, troublesOf(small))).toMatchObject({
      level: 'ok',
      title: expect.stringMatching(/^Everything flows: [\d,]+ records\/s, lag 0\.\d s$/),
      detail: '3 streams with 12 shards, 4 targets with 72 lanes, 5 workers.',
    });
  });

  it('says that nothing runs yet', () => {
    expect(headlineOf(installation('empty', NOW), [])).toMatchObject({ level: 'idle', title: 'Nothing runs here yet' });
  });

  it('says that no worker runs where there is something to do', () => {
    const deserted = { ...small, workers: [] };
    expect(headlineOf(deserted, troublesOf(deserted))).toMatchObject({ level: 'bad', title: 'No worker runs' });
  });

  it('names the worst trouble and where it is, and how many more there are', () => {
    expect(titleOf(installation('broken', NOW))).toBe('flights/flights-live: shard 1 cannot be read, and 14 more');
    expect(titleOf(installation('large', NOW))).toBe('clicks/clickstream: 34 s behind in 11 of 1,000 shards');
  });

  it('stays calm about dead letters, which only want a look', () => {
    const [first, ...rest] = small.targets;
    const overview = { ...small, targets: [{ ...first!, deadLetters: 3 }, ...rest] };
    expect(titleOf(overview)).toMatch(/^Everything flows/);
    expect(troublesOf(overview)).toMatchObject([{ level: 'note', where: 'output/departures', what: '3 dead letters to look at' }]);
  });

  it('counts an installation that has nothing to move as well', () => {
    const still = {
      ...small,
      streams: small.streams.map((stream) => ({ ...stream, recordsPerSecond: 0, lagMaxSeconds: 0 })),
      targets: [],
    };
    expect(titleOf(still)).toBe('All is well and quiet, lag 0.0 s');
  });
});
