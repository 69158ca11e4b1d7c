import { expect, it } from 'vitest';
import { redisFindings } from './redis-findings.ts';

const GIB = 1024 ** 3;
const HEALTHY = { role: 'master', connected_slaves: '1', maxmemory: String(4 * GIB), used_memory: String(GIB) };

const outcomes = (info: Record<string, string>, clockAheadMs = 20, lowWaterBytes = GIB) =>
  redisFindings({ info: new Map(Object.entries({ ...HEALTHY, ...info })), clockAheadMs, lowWaterBytes })
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ subject, outcome, advice }) => {
      expect(advice).toMatch(/./);
      return `${subject} ${outcome}`;
    });

it('finds nothing wrong with a healthy Redis', () => {
  expect(outcomes({})).toEqual([]);
});

it.each<[string, Record<string, string>]>([
  ['memory warning', { maxmemory: '0' }],
  ['memory problem', { used_memory: String(3.9 * GIB) }],
  ['role problem', { role: 'slave' }],
  ['append-only file problem', { aof_last_write_status: 'err' }],
  ['snapshots problem', { rdb_last_bgsave_status: 'err' }],
  ['data problem', { loading: '1' }],
])('finds a %s in %j', (expected, info) => {
  expect(outcomes(info)).toEqual([expected]);
});

it('compares the limit of memory with what lanes may hold', () => {
  expect(outcomes({}, 0, 4 * GIB)).toEqual(['memory warning']);
});

it.each([
  [-2_000, ['clock warning']],
  [600_000, ['clock problem']],
])('finds a clock that is %d ms off', (clockAheadMs, expected) => {
  expect(outcomes({}, clockAheadMs)).toEqual(expected);
});
