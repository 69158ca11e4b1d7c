import { ManualClock } from '@sluice/core/testing';
import { ShardMap } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { LiveShards } from './live-shards.ts';

const END = (1n << 128n) - 1n;
const HALF = 1n << 127n;
const NEVER = new AbortController().signal;

describe('LiveShards', () => {
  it('lists the shards anew when an answer names another than they predict, once for all answers of a moment', async () => {
    const { live, find, looks, clock } = shardsOf({ whole: [0n, END] });
    live.answered(first, 'whole');
    expect(looks()).toBe(0);
    live.answered(second, 'right');
    live.answered(second, 'right');
    expect([live.isInDoubt, live.shardOf(second), looks()]).toEqual([true, 'whole', 1]);
    await find({ whole: [0n, END], left: [0n, HALF - 1n], right: [HALF, END] }, ['whole']);
    expect([live.isInDoubt, live.shardOf(first), live.shardOf(second), looks()]).toEqual([false, 'left', 'right', 1]);
    clock.advance(1_000);
    live.answered(second, 'whole');
    expect([looks(), live.isInDoubt]).toEqual([2, false]);
  });

  it('stays in doubt while the list lacks a shard that an answer named', async () => {
    const { live, find, looks, clock } = shardsOf({ whole: [0n, END] });
    live.answered(first, 'left');
    await find({ whole: [0n, END] });
    expect(live.isInDoubt).toBe(true);
    live.answered(first, 'left');
    expect(looks()).toBe(1);
    clock.advance(1_000);
    live.answered(first, 'left');
    expect(looks()).toBe(2);
    await find();
    expect(live.isInDoubt).toBe(true);
  });

  it('says of closed shards too which records are theirs, and of a shard that it does not know that none is', async () => {
    const { live, find } = shardsOf({ whole: [0n, END] });
    const learnt = live.learn('left', NEVER);
    await find({ left: [0n, HALF - 1n], right: [HALF, END] }, ['left']);
    await learnt;
    expect([live.isOf('left', first), live.isOf('left', second), live.isOf('right', second)]).toEqual([true, false, true]);
    expect([live.isOf('other', first), live.isOf('other', second)]).toEqual([false, false]);
  });

  it('waits for a look no longer than the signal lets it, and for none where the shard is listed', async () => {
    const { live, looks } = shardsOf({ whole: [0n, END] });
    await live.learn('whole', NEVER);
    expect(looks()).toBe(0);
    const ending = new AbortController();
    const learnt = live.learn('left', ending.signal);
    ending.abort();
    await learnt;
    expect([looks(), live.isInDoubt]).toEqual([1, true]);
  });
});

const first = { partitionKey: 'a', explicitHashKey: '0' };
const second = { partitionKey: 'b', explicitHashKey: String(END) };

type Ranges = Readonly<Record<string, readonly [bigint, bigint]>>;

function mapOf(ranges: Ranges, closed: readonly string[] = []): ShardMap {
  return new ShardMap(
    Object.entries(ranges).map(([shardId, [start, end]]) => ({
      ...{ shardId, startingSequenceNumber: '1', hashRange: { start, end } },
      ...(closed.includes(shardId) && { endingSequenceNumber: '2' }),
    })),
  );
}

/** `find` answers the oldest open look, with nothing where the shards may not be listed. */
function shardsOf(ranges: Ranges) {
  const clock = new ManualClock();
  const open: Array<(map: ShardMap | undefined) => void> = [];
  let looks = 0;
  const live = new LiveShards({
    ...{ shards: mapOf(ranges), clock },
    find: () => {
      looks++;
      return new Promise((resolve) => open.push(resolve));
    },
  });
  const find = async (found?: Ranges, closed?: readonly string[]) => {
    open.shift()!(found && mapOf(found, closed));
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { live, clock, find, looks: () => looks };
}
