import { ManualClock } from '@sluice/core/testing';
import type { ShardDescription } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { ShardLooks } from './shard-looks.ts';

const HOUR_MS = 3_600_000;

describe('ShardLooks', () => {
  it('takes a shard for gone once three lists over two minutes left it out, of a stream older than its retention', () => {
    const { look } = looksOf();
    expect([look(0), look(60_000), look(59_999), look(1)]).toEqual([[], [], [], ['shard-1']]);
  });

  it.each([
    ['the stream is younger than its retention', { ageHours: 23.5 }],
    ['its parent is still listed', { listed: [closed('shard-0'), open('shard-2')] }],
    ['no listed shard is newer', { listed: [open('shard-0x')], parents: [] }],
    ['its retention was raised', { retentionHours: 168 }],
  ])('waits, however often it looks, while %s', (_, options) => {
    const { look } = looksOf(options);
    expect(Array.from({ length: 100 }, () => look(10_000))).toEqual(Array(100).fill([]));
  });

  it('waits until a shard that it saw open can have expired', () => {
    const { look, listed } = looksOf();
    listed.push(open('shard-1'));
    look(0);
    listed.pop();
    expect(Array.from({ length: 23 }, () => look(HOUR_MS)).flat()).toEqual([]);
    expect(look(HOUR_MS)).toEqual(['shard-1']);
  });

  it('begins anew when a list holds the shard again', () => {
    const { look, listed } = looksOf();
    look(0);
    look(100_000);
    listed.push(closed('shard-1'));
    look(10_000);
    listed.pop();
    expect([look(10_000), look(60_000), look(60_000)]).toEqual([[], [], ['shard-1']]);
  });

  it('reports hash keys as uncovered once three lists in a row left some so', () => {
    const looks = new ShardLooks(new ManualClock());
    const gap = [{ start: 0n, end: 1n }];
    const answers = [gap, gap, [], gap, gap, gap, gap].map((uncovered) => looks.persistent(uncovered).length);
    expect(answers).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });
});

function open(shardId: string): ShardDescription {
  return { shardId, hashRange: { start: 0n, end: 1n }, startingSequenceNumber: '1' };
}

function closed(shardId: string): ShardDescription {
  return { ...open(shardId), endingSequenceNumber: '2' };
}

interface LooksOptions {
  readonly ageHours?: number;
  readonly retentionHours?: number;
  readonly listed?: readonly ShardDescription[];
  readonly parents?: readonly string[];
}

/** Looks for shard-1, whose parent is shard-0. */
function looksOf({ ageHours = 25, retentionHours = 24, listed: first = [open('shard-2')], parents = ['shard-0'] }: LooksOptions = {}) {
  const clock = new ManualClock();
  const looks = new ShardLooks(clock);
  const stream = { createdAtMs: clock.now() - ageHours * HOUR_MS, retentionHours };
  const listed = [...first];
  return {
    listed,
    /** Looks again after some time. */
    look(afterMs: number): string[] {
      clock.advance(afterMs);
      return [...looks.gone(listed, [{ shardId: 'shard-1', parents }], stream)];
    },
  };
}
