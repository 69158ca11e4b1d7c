import { expect, it } from 'vitest';
import { formatLaneEntry, type LaneEntry, parseLaneEntry } from './lane-entry.ts';

const change = { lanes: 3, untilMs: 1_700_000_000_000, by: 'a1' } as const;

it.each<[string, LaneEntry]>([
  ['8', { lanes: 8, layout: 'key', isResized: false }],
  ['8 resized', { lanes: 8, layout: 'key', isResized: true }],
  ['8 laid by shard', { lanes: 8, layout: 'shard', isResized: false }],
  ['8 laid by shard resized', { lanes: 8, layout: 'shard', isResized: true }],
  ['8 to 3 until 1700000000000 by a1', { lanes: 8, layout: 'key', isResized: false, change: { stage: 'to', ...change } }],
  [
    '8 laid by shard resized closed 3 until 1700000000000 by a1',
    { lanes: 8, layout: 'shard', isResized: true, change: { stage: 'closed', ...change } },
  ],
])('reads and writes %j', (text, entry) => {
  expect(parseLaneEntry(text)).toEqual(entry);
  expect(formatLaneEntry(entry)).toBe(text);
});

it.each(['', 'x', '8 to', '-1', '8 to 3'])('does not read %j', (text) =>
  expect(() => parseLaneEntry(text)).toThrow('expected a number of lanes'),
);
