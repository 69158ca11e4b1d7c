import { evenStarts, type HashKey, rangesFrom, toBigInt, toHashKey } from './hash-range.ts';
import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';

/** Two children take over from `shard`: one below `newStart`, one from it on. */
export function split(stream: Stream, shard: Shard, newStart: HashKey): void {
  const { start, end } = shard.facts.range;
  stream.replace(
    [shard],
    [
      { start, end: toHashKey(toBigInt(newStart) - 1n) },
      { start: newStart, end },
    ],
  );
}

/** One child takes over from two adjacent shards, `left` below `right`; the first named is its parent, the other its adjacent parent. */
export function merge(stream: Stream, shard: Shard, adjacent: Shard): void {
  const [left, right] = shard.facts.range.start < adjacent.facts.range.start ? [shard, adjacent] : [adjacent, shard];
  stream.replace([shard, adjacent], [{ start: left.facts.range.start, end: right.facts.range.end }]);
}

/** Splits and merges until `count` open shards share the hash space evenly. */
export function scaleTo(stream: Stream, count: number): void {
  const targets = rangesFrom(evenStarts(count));
  for (const { start } of targets) {
    const shard = stream.route(start);
    if (shard.facts.range.start !== start) split(stream, shard, start);
  }
  for (const { start, end } of targets) {
    let first = stream.route(start);
    while (first.facts.range.end !== end) {
      merge(stream, first, stream.route(toHashKey(toBigInt(first.facts.range.end) + 1n)));
      first = stream.route(start);
    }
  }
}
