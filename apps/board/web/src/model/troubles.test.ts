import { describe, expect, it } from 'vitest';
import { installation } from '../../fixture/installation.ts';
import { compareLevels } from './level.ts';
import { troublesOf } from './troubles.ts';

const NOW = Date.UTC(2026, 0, 31, 8, 0, 0);
const found = troublesOf(installation('broken', NOW));
const linesOf = (where: string) => found.filter((each) => each.where === where).map(({ level, what }) => `${level}: ${what}`);

describe('troublesOf', () => {
  it('finds none where all is well', () => {
    expect(troublesOf(installation('small', NOW))).toEqual([]);
  });

  it('puts the worst first', () => {
    expect(found.map(({ level }) => level)).toEqual(found.map(({ level }) => level).toSorted(compareLevels));
  });

  it('says what is the matter with a stream', () => {
    expect(linesOf('flights/flights-live')).toEqual([
      'bad: shard 1 cannot be read',
      'bad: shard 4 has no reader',
      'bad: 2 min behind in 2 of 6 shards',
      'warn: shard 2 is held back',
    ]);
    expect(linesOf('gates/gate-events')).toEqual(['warn: paused by ada (board)']);
  });

  it('says what is the matter with a target, its lanes and its writers', () => {
    expect(linesOf('output/departures')).toEqual([
      'bad: 3 of 16 lanes are blocked',
      'bad: 1 of 16 lanes has no owner',
      'warn: 2 writers: 58/s throttled',
      'note: 37 dead letters to look at',
    ]);
    expect(linesOf('com.example/receipts')).toEqual(['warn: paused by grace@ops-1']);
    expect(linesOf('com.example/greeter')).toEqual([
      'warn: function-worker-1: 4.2 calls/s fail',
      'warn: 7 addresses are parked',
      'note: 3 dead letters to look at',
    ]);
  });

  it('says what is the matter with workers and Redis', () => {
    expect(linesOf('egress-worker-1')).toEqual(['bad: waiting']);
    expect(linesOf('ingress-worker-2')).toEqual(['warn: slow']);
    expect(linesOf('Dead letters')).toEqual(['warn: 40 wait, as their output fails']);
    expect(linesOf('Redis')).toEqual(['warn: 88 % of its memory is used (1.8 GiB of 2.0 GiB)']);
    expect(linesOf('Workers')).toEqual(['note: 2 releases run: 0.0.9, 0.1.0']);
  });
});
