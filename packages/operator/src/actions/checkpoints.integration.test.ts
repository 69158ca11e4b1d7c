import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore, createRedisShardTable, listSources, type ShardRow } from '@sluice/lease';
import { connectRedis, type RedisSession, readerGroupKey, shardTableKey, sourcesKey } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAudit } from '../audit/audit-log.ts';
import type { Operator } from '../operator.ts';
import { performAction } from './perform-action.ts';

const INGRESS = 'input/in';
const IDENTITY = { streamArn: 'arn:orders', streamCreatedAtMs: 1_700_000_000_000 };
let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let operator: Operator;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => {
  operator = { session, keyPrefix: `test-${randomUUID()}` };
});

const SHARDS = [
  { shardId: 's0', parents: [], checkpoint: 'SHARD_END', basis: 'as stored' },
  { shardId: 's1', parents: ['s0'], checkpoint: '4959:3', basis: 'held by worker-1' },
  { shardId: 's2', parents: ['s0'], checkpoint: 'TRIM_HORIZON', basis: 'not begun' },
];
const inputOf = (shards: unknown = SHARDS, more: object = {}) => ({
  ...{ ingress: INGRESS, source: 'table totals (kcl)', streams: [{ stream: 'orders', identity: IDENTITY, shards }] },
  ...more,
});
const perform = (input: unknown, options = {}) => performAction(operator, 'checkpoints.import', input, { by: 'ada', ...options });

describe('checkpoints.import', () => {
  it('shows what would be set, and sets it', async () => {
    const { plan } = await perform(inputOf(), { dryRun: true });
    expect(plan.lines).toEqual([
      'set 3 checkpoints of input/in from table totals (kcl)',
      '  orders s0  SHARD_END     as stored',
      '  orders s1  4959:3        held by worker-1',
      '  orders s2  TRIM_HORIZON  not begun',
    ]);
    expect(await rows()).toEqual([]);

    const { lines } = await perform(inputOf());

    expect(lines).toEqual(['3 checkpoints of input/in set; start its ingress-workers']);
    expect(await summaries()).toEqual({
      ...{ s0: ['shardEnd', 'SHARD_END'], s1: ['active', 'AFTER'], s2: ['active', 'TRIM_HORIZON'] },
    });
    expect(await listSources(session, operator.keyPrefix)).toEqual(['input/in/orders']);
    expect(await readAudit(operator, 1)).toMatchObject([
      { by: 'ada', action: 'checkpoints.import', subject: INGRESS, facts: { source: 'table totals (kcl)', shards: 3, replace: false } },
    ]);
  });

  it('lets a worker go on: what is known is not begun anew, and a child waits for a parent that was not read to its end', async () => {
    await perform(inputOf([{ ...SHARDS[0], checkpoint: '4950:0' }, SHARDS[1]]));
    expect(await table().create(IDENTITY, [shard('s0'), shard('s1', 's0'), shard('s2', 's0')])).toBe(1);
    expect(await summaries()).toEqual({ s0: ['active', 'AFTER'], s1: ['waiting', 'AFTER'], s2: ['waiting', 'TRIM_HORIZON'] });
  });

  it('changes nothing where checkpoints are there, unless they are to be replaced', async () => {
    await table().create(IDENTITY, [shard('s0'), shard('s1', 's0')]);
    const { plan } = await perform(inputOf(), { dryRun: true });
    expect(plan.lines.at(-1)).toContain('refused as it is now: it has checkpoints of orders already');
    await expect(perform(inputOf())).rejects.toMatchObject({ code: 'CHECKPOINT_IMPORT_REFUSED', disposition: 'fatal' });
    expect(await summaries()).toEqual({ s0: ['active', 'TRIM_HORIZON'], s1: ['waiting', 'TRIM_HORIZON'] });

    await perform(inputOf(SHARDS, { replace: true }));

    expect(await summaries()).toMatchObject({ s0: ['shardEnd', 'SHARD_END'], s1: ['active', 'AFTER'] });
    expect(await readAudit(operator, 2)).toMatchObject([
      { facts: { replace: true } },
      { facts: { failed: { code: 'CHECKPOINT_IMPORT_REFUSED' } } },
    ]);
  });

  it('opens a shard again that had ended, and keeps the number of its token', async () => {
    await table().create(IDENTITY, [shard('s0')]);
    const store = createRedisLeaseStore(session);
    await store.claim({ epoch: store.epoch, key: table().keyOf('s0'), worker: 'w', ttlMs: 1 });
    const ended = [{ ...shard('s0'), checkpoint: 'SHARD_END' }];
    await perform(inputOf(ended, { replace: true }));
    await perform(inputOf([{ ...shard('s0'), checkpoint: '4950:0' }], { replace: true }));
    expect(await rows()).toMatchObject([{ state: 'active', tokenNumber: 1 }]);
  });

  it('changes nothing while workers read the ingress, or hold a shard of it', async () => {
    const store = createRedisLeaseStore(session);
    const group = readerGroupKey(operator.keyPrefix, INGRESS);
    await store.pulse({ epoch: store.epoch, group, worker: 'w', ttlMs: 60_000, isMember: true, held: [] });
    await expect(perform(inputOf())).rejects.toThrow(
      'no checkpoint of input/in was set: a worker reads it; stop its ingress-workers first',
    );
    await store.leave(store.epoch, group, 'w');

    await table().create(IDENTITY, [shard('s0')]);
    await store.claim({ epoch: store.epoch, key: table().keyOf('s0'), worker: 'w', ttlMs: 60_000 });
    await expect(perform(inputOf(SHARDS, { replace: true, timeoutMs: 1 }))).rejects.toMatchObject({ code: 'SHARDS_IN_USE' });
    expect(await summaries()).toEqual({ s0: ['active', 'TRIM_HORIZON'] });
  });

  it('changes nothing where the stream was created again', async () => {
    await table().create({ ...IDENTITY, streamCreatedAtMs: 1 }, [shard('s0')]);
    await expect(perform(inputOf(SHARDS, { replace: true }))).rejects.toMatchObject({ code: 'STREAM_RECREATED' });
    expect(await summaries()).toEqual({ s0: ['active', 'TRIM_HORIZON'] });
  });

  it.each([
    [{ checkpoint: 'soon' }, 'expected a checkpoint such as TRIM_HORIZON or SEQUENCE:SUBSEQUENCE, found soon'],
    [{ age: 3 }, 'streams.0.shards.0 of checkpoints.import: Unrecognized key: "age"'],
  ])('refuses %s', async (wrong, message) => {
    await expect(perform(inputOf([{ ...SHARDS[0], ...wrong }]))).rejects.toMatchObject({ code: 'OPERATOR_INPUT_INVALID', message });
  });
});

const shard = (shardId: string, ...parents: string[]) => ({ shardId, parents });

function table() {
  const { keyPrefix } = operator;
  const name = `${INGRESS}/orders`;
  const listed = { key: sourcesKey(keyPrefix), name };
  return createRedisShardTable(session, {
    ...{ key: shardTableKey(keyPrefix, name), group: readerGroupKey(keyPrefix, INGRESS), start: { kind: 'TRIM_HORIZON' }, listed },
  });
}

const rows = (): Promise<readonly ShardRow[]> => table().list();

const summaries = async () =>
  Object.fromEntries((await rows()).map(({ shardId, state, checkpoint }) => [shardId, [state, checkpoint.kind]]));
