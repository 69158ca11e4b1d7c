import { ManualClock } from '@sluice/core/testing';
import { type Checkpoint, formatCheckpoint, type Lease, LeaseLostError, type ShardTable } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { after } from '../testing/shard-reader-rig.ts';
import { PacedCheckpoints } from './paced-checkpoints.ts';

describe('PacedCheckpoints', () => {
  it('writes each checkpoint where no period is set', async () => {
    const { checkpoints, written } = pacedOf(0);
    await checkpoints.move(after('1'), after('2'));
    await checkpoints.move(after('2'), after('3'));
    expect(written).toEqual(['1:0 > 2:0', '2:0 > 3:0']);
  });

  it('writes the last one once the period is over, from what was written before', async () => {
    const { checkpoints, written, clock } = pacedOf(5_000);
    for (const next of [2, 3, 4]) await checkpoints.move(after(String(next - 1)), after(String(next)));
    expect(written).toEqual(['1:0 > 2:0']);
    clock.advance(5_000);
    await settled();
    expect(written).toEqual(['1:0 > 2:0', '2:0 > 4:0']);
    clock.advance(60_000);
    await settled();
    expect(written).toHaveLength(2);
  });

  it('writes what it held back before the lease goes, and at the end of the shard from what stands there', async () => {
    const { checkpoints, written } = pacedOf(5_000);
    await checkpoints.move(after('1'), after('2'));
    await checkpoints.move(after('2'), after('3'));
    await checkpoints.flush();
    await checkpoints.flush();
    expect(written).toEqual(['1:0 > 2:0', '2:0 > 3:0']);
    await checkpoints.move(after('3'), after('4'));
    expect(await checkpoints.end(after('4'), [])).toEqual({ outcome: 'stored' });
    expect(written.at(-1)).toBe('3:0 > end');
  });

  it('sends the reader back where another value stands there, also when it finds that by itself', async () => {
    const { checkpoints, written, clock, rewind } = pacedOf(5_000);
    await checkpoints.move(after('1'), after('2'));
    await checkpoints.move(after('2'), after('3'));
    rewind(after('0'));
    clock.advance(5_000);
    await settled();
    expect(await checkpoints.move(after('3'), after('4'))).toEqual({ outcome: 'moved', stored: after('0') });
    await checkpoints.move(after('0'), after('1'));
    await checkpoints.flush();
    expect(written).toEqual(['1:0 > 2:0', '0:0 > 1:0']);
  });

  it('says at once that the lease is lost, and holds nothing against a table that fails', async () => {
    const { checkpoints, written, lease, fail } = pacedOf(5_000);
    await checkpoints.move(after('1'), after('2'));
    await checkpoints.move(after('2'), after('3'));
    fail(new Error('no Redis'));
    await checkpoints.flush();
    await checkpoints.flush();
    expect(written).toEqual(['1:0 > 2:0', '2:0 > 3:0']);
    lease.isHeld = false;
    await expect(checkpoints.move(after('3'), after('4'))).rejects.toBeInstanceOf(LeaseLostError);
  });
});

const settled = () => new Promise(setImmediate);

function pacedOf(periodMs: number) {
  const clock = new ManualClock();
  const written: string[] = [];
  let stored: Checkpoint = after('1');
  let fault: Error | undefined;
  const lease = { isHeld: true };
  const asLease = {
    assertHeld: () => {
      if (!lease.isHeld) throw new LeaseLostError('shard', 'it expired');
    },
  } as Lease;
  const change = (from: Checkpoint, to: string) => {
    const found = fault;
    fault = undefined;
    if (found) throw found;
    if (formatCheckpoint(stored) !== formatCheckpoint(from)) return { outcome: 'moved', stored } as const;
    written.push(`${formatCheckpoint(from)} > ${to}`);
    return { outcome: 'stored' } as const;
  };
  const table: Pick<ShardTable, 'checkpoint' | 'end'> = {
    checkpoint: async (_, from, to) => {
      const answer = change(from, formatCheckpoint(to));
      if (answer.outcome === 'stored') stored = to;
      return answer;
    },
    end: async (_, from) => change(from, 'end'),
  };
  const checkpoints = new PacedCheckpoints({ table, lease: asLease, periodMs, clock });
  return {
    ...{ checkpoints, written, clock, lease },
    rewind: (to: Checkpoint) => {
      stored = to;
    },
    fail: (error: Error) => {
      fault = error;
    },
  };
}
