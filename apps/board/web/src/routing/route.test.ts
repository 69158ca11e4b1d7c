import { describe, expect, it } from 'vitest';
import { hrefs, parseRoute } from './route.ts';

describe('parseRoute', () => {
  it.each([
    [hrefs.overview, { page: 'overview' }],
    ['', { page: 'overview' }],
    [hrefs.streams, { page: 'streams' }],
    [hrefs.stream('flights/live é'), { page: 'stream', source: 'flights/live é' }],
    [hrefs.shard('a/b', 'shardId-1'), { page: 'shard', source: 'a/b', shard: 'shardId-1' }],
    [hrefs.target('output/x'), { page: 'target', target: 'output/x' }],
    [hrefs.lane('output/x', 7), { page: 'lane', target: 'output/x', lane: 7 }],
    [hrefs.job('output/x', 7, '42'), { page: 'job', target: 'output/x', lane: 7, job: '42' }],
    [hrefs.worker('w#1'), { page: 'worker', worker: 'w#1' }],
    [hrefs.deadLetters(null), { page: 'deadLetters', target: null }],
    [hrefs.deadLetters('output/x'), { page: 'deadLetters', target: 'output/x' }],
    [hrefs.deadLetter('output/x', 'a:b'), { page: 'deadLetter', target: 'output/x', id: 'a:b' }],
    ['#/targets/x/lanes/many', { page: 'unknown', path: 'targets/x/lanes/many' }],
    ['#/%E0%A4%A', { page: 'unknown', path: '%E0%A4%A' }],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});
