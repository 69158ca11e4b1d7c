import { systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { HeldLease, instantOf, type Lease } from '../lease.ts';
import type { LeaseStore } from '../lease-store.ts';
import type { Checkpoint } from '../shards/checkpoint.ts';
import type { LeaseHarness } from './lease-harness.ts';
import { tokenOf } from './lease-store.conformance.ts';

const STREAM = { streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders', streamCreatedAtMs: 1_700_000_000_000 };
const START: Checkpoint = { kind: 'AT_TIMESTAMP', timestampMs: 1_700_000_500_000 };
const HORIZON: Checkpoint = { kind: 'TRIM_HORIZON' };
const after = (sequenceNumber: string, subSequenceNumber = 0): Checkpoint => ({
  kind: 'AFTER',
  position: { sequenceNumber, subSequenceNumber },
});

/** What every table of shards must do, each step also when it is made again because its answer was lost. */
export function describeShardTable(name: string, harness: () => LeaseHarness): void {
  describe(`shard table: ${name}`, () => {
    it('makes the first shards at the configured start, and later ones at their oldest record', async () => {
      const { table } = await tableWith([]);
      expect(await table.create(STREAM, [shard('s1'), shard('s2')])).toBe(2);
      expect(await table.create(STREAM, [shard('s1'), shard('s2'), shard('s3', 's1'), shard('s4')])).toBe(2);
      const rows = await table.list();
      expect(byId(rows, ({ checkpoint, startedAt, state }) => [checkpoint, startedAt, state])).toEqual({
        s1: [START, START, 'active'],
        s2: [START, START, 'active'],
        s3: [HORIZON, HORIZON, 'waiting'],
        s4: [HORIZON, HORIZON, 'active'],
      });
      expect(rows.find(({ shardId }) => shardId === 's3')).toEqual({
        ...{ shardId: 's3', parents: ['s1'], key: table.keyOf('s3'), ...STREAM },
        ...{ state: 'waiting', checkpoint: HORIZON, startedAt: HORIZON, worker: '', tokenNumber: 0 },
      });
    });

    it('starts single shards elsewhere, if they are there at the very first call', async () => {
      const { table } = await tableWith(
        [],
        new Map([
          ['s1', after('49590', -1)],
          ['s3', after('49591', -1)],
        ]),
      );
      await table.create(STREAM, [shard('s1'), shard('s2')]);
      await table.create(STREAM, [shard('s1'), shard('s2'), shard('s3')]);
      expect(byId(await table.list(), ({ checkpoint, startedAt }) => [checkpoint, startedAt])).toEqual({
        s1: [after('49590', -1), after('49590', -1)],
        s2: [START, START],
        s3: [HORIZON, HORIZON],
      });
    });

    it('never changes a row that exists', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      const lease = await claim('s1');
      await table.checkpoint(lease, START, after('7'));
      expect(await table.create(STREAM, [shard('s1')])).toBe(0);
      expect(await table.list()).toMatchObject([{ checkpoint: after('7'), startedAt: START, worker: 'ada', tokenNumber: 1 }]);
    });

    it.each([
      ['another ARN', { streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/other' }],
      ['another creation time', { streamCreatedAtMs: 1_700_000_000_001 }],
    ])('refuses a stream with %s', async (_, other) => {
      const { table } = await tableWith([shard('s1')]);
      await expect(table.create({ ...STREAM, ...other }, [shard('s1'), shard('s9')])).rejects.toMatchObject({
        code: 'STREAM_RECREATED',
        disposition: 'fatal',
        message: expect.stringContaining('was deleted and created again'),
      });
      expect((await table.list()).map(({ shardId }) => shardId)).toEqual(['s1']);
    });

    it('moves a checkpoint from the value last written, and answers the same when asked again', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      const lease = await claim('s1');
      expect(lease.facts).toMatchObject({ shardId: 's1', checkpoint: 'AT_TIMESTAMP:1700000500000' });
      expect(await table.checkpoint(lease, START, after('49590', 2))).toEqual({ outcome: 'stored' });
      expect(await table.checkpoint(lease, START, after('49590', 2))).toEqual({ outcome: 'stored' });
      expect(await table.checkpoint(lease, after('49590', 2), after('49591'))).toEqual({ outcome: 'stored' });
      expect(await table.list()).toMatchObject([{ checkpoint: after('49591') }]);
    });

    it('sends a reader back to the stored checkpoint when it is not the one it wrote', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      const lease = await claim('s1');
      await table.checkpoint(lease, START, after('5'));
      expect(await table.rewind('s1', after('2'))).toEqual(after('5'));
      expect(await table.checkpoint(lease, after('5'), after('6'))).toEqual({ outcome: 'moved', stored: after('2') });
      expect(await table.end(lease, after('5'), [])).toEqual({ outcome: 'moved', stored: after('2') });
      expect(await table.checkpoint(lease, after('2'), after('3'))).toEqual({ outcome: 'stored' });
    });

    it('refuses the checkpoint and the end of a stale owner', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      const stale = await claim('s1');
      const current = await claim('s1');
      await expect(table.checkpoint(stale, START, after('5'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await expect(table.end(stale, START, [shard('s2', 's1')])).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await table.list()).toMatchObject([{ checkpoint: START, state: 'active' }]);
      expect(await table.checkpoint(current, START, after('5'))).toEqual({ outcome: 'stored' });
    });

    it('tells a token from one with the same number and another owner', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      const lease = await claim('s1');
      const forged = { ...lease, token: { number: lease.token.number, owner: 'ada#elsewhere.1' }, assertHeld: () => undefined };
      await expect(table.checkpoint(forged, START, after('5'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    });

    it('makes children claimable as soon as their parent has ended, from their oldest record', async () => {
      const { table, claim, tryClaim } = await tableWith([shard('s1')]);
      const lease = await claim('s1');
      expect(await table.end(lease, START, [shard('s2', 's1'), shard('s3', 's1')])).toEqual({ outcome: 'stored' });
      expect(await table.end(lease, START, [shard('s2', 's1'), shard('s3', 's1')])).toEqual({ outcome: 'stored' });
      expect(byId(await table.list(), ({ state, checkpoint, worker }) => [state, checkpoint, worker])).toEqual({
        s1: ['shardEnd', { kind: 'SHARD_END' }, ''],
        s2: ['active', HORIZON, ''],
        s3: ['active', HORIZON, ''],
      });
      expect(await tryClaim('s1')).toEqual({ outcome: 'ended' });
      expect(await tryClaim('s2')).toMatchObject({ outcome: 'claimed', facts: { checkpoint: 'TRIM_HORIZON' } });
    });

    it('tells the owner of an ended shard from one whose lease was taken', async () => {
      const { table, claim, store } = await tableWith([shard('s1'), shard('s2')]);
      const [first, second, stale] = [await claim('s1'), await claim('s1'), await claim('s2')];
      await claim('s2');
      await table.end(second, START, []);
      const held = [first, second, stale];
      const request = { epoch: store.epoch, group: harness().newKey(), worker: 'ada', ttlMs: 5_000, isMember: true, held };
      expect(await store.pulse(request)).toEqual({ members: ['ada'], leases: ['lost', 'ended', 'lost'] });
    });

    it('lets a merged child wait for both parents', async () => {
      const { table, claim, tryClaim } = await tableWith([shard('s1'), shard('s2')]);
      await table.end(await claim('s1'), START, [shard('s3', 's1', 's2')]);
      expect(await tryClaim('s3')).toEqual({ outcome: 'waiting', waitsFor: table.keyOf('s2') });
      await table.end(await claim('s2'), START, [shard('s3', 's1', 's2')]);
      expect(await tryClaim('s3')).toMatchObject({ outcome: 'claimed' });
    });

    it('leaves a merged child without a row while no list has shown its other parent', async () => {
      const { table, claim } = await tableWith([shard('s1'), shard('s2')]);
      const known = async () => (await table.list()).map(({ shardId }) => shardId).sort();
      await table.end(await claim('s1'), START, [shard('s4', 's1', 's3')]);
      expect(await known()).toEqual(['s1', 's2']);
      await table.end(await claim('s2'), START, [shard('s3', 's2')]);
      expect(await known()).toEqual(['s1', 's2', 's3']);
      await table.end(await claim('s3'), HORIZON, [shard('s4', 's1', 's3')]);
      expect(await known()).toEqual(['s1', 's2', 's3', 's4']);
    });

    it('does not wait for a parent that the stream no longer has', async () => {
      const { table, tryClaim } = await tableWith([shard('s2', 's1')]);
      expect(await table.resources()).toEqual([{ key: table.keyOf('s2'), after: [table.keyOf('s1')], mustExist: true }]);
      expect(await tryClaim('s2')).toMatchObject({ outcome: 'claimed' });
    });

    it('removes ended shards that the stream no longer lists, and no others', async () => {
      const { table, claim } = await tableWith([shard('s1'), shard('s2'), shard('s3')]);
      await table.end(await claim('s1'), START, []);
      await table.end(await claim('s2'), START, []);
      expect(await table.prune(['s1', 's3', 's9'])).toEqual(['s1']);
      expect(await table.prune(['s1', 's3', 's9'])).toEqual([]);
      expect((await table.list()).map(({ shardId }) => shardId).sort()).toEqual(['s2', 's3']);
    });

    it('opens an ended shard again when it is rewound, and knows no shard that is not there', async () => {
      const { table, claim } = await tableWith([shard('s1')]);
      await table.end(await claim('s1'), START, []);
      expect(await table.rewind('s1', HORIZON)).toEqual({ kind: 'SHARD_END' });
      expect(await table.list()).toMatchObject([{ state: 'active', checkpoint: HORIZON }]);
      expect(await table.rewind('s9', HORIZON)).toBeUndefined();
    });
  });

  async function tableWith(shards: { shardId: string; parents: string[] }[], shardStarts?: ReadonlyMap<string, Checkpoint>) {
    const { store, table: open } = await harness().connect();
    const table = open({ key: harness().newKey(), group: harness().newKey(), start: START, ...(shardStarts && { shardStarts }) });
    if (shards.length > 0) await table.create(STREAM, shards);
    const tryClaim = async (shardId: string) => {
      const { key, after: parents } = (await table.resources()).find((resource) => resource.key === table.keyOf(shardId))!;
      return store.claim({ epoch: store.epoch, key, worker: 'ada', ttlMs: 5_000, after: parents, mustExist: true });
    };
    const claim = async (shardId: string) => leaseOf(store, table.keyOf(shardId), await tryClaim(shardId));
    return { table, tryClaim, claim, store };
  }
}

const shard = (shardId: string, ...parents: string[]) => ({ shardId, parents });

const byId = <R extends { shardId: string }, T>(rows: readonly R[], what: (row: R) => T): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [row.shardId, what(row)]));

function leaseOf(store: LeaseStore, key: string, answer: Awaited<ReturnType<LeaseStore['claim']>>): Lease {
  const facts = answer.outcome === 'claimed' ? answer.facts : {};
  const { epoch } = store;
  const times = { ttlMs: 5_000, clock: systemClock, sentAt: instantOf(systemClock) };
  return new HeldLease({ key, token: tokenOf(answer), epoch, facts, currentEpoch: () => store.epoch, ...times });
}
