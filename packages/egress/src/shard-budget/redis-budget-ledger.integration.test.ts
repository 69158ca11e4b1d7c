import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { randomFor, SeededRandom, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AHEAD, describeBudgetLedger, type KnownBudget, type LedgerRig } from '../testing/budget-ledger.conformance.ts';
import { openMemoryLedger } from '../testing/open-memory-ledger.ts';
import type { ShardDemand } from './budget-ledger.ts';
import { createRedisBudgetLedger } from './redis-budget-ledger.ts';

type Fields = [at: number, records: number, bytes: number, share: number, ceiling: number, throttledAt: number, ...learned: Learned];
type Learned = [part: number, randomUntil: number, countedFrom: number, taken: number, throttled: number];

let session: RedisSession;
const disposer = new AsyncDisposableStack();
beforeAll(async () => {
  const redis = disposer.use(await startRedisServer());
  session = disposer.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => disposer.disposeAsync());

describeBudgetLedger('createRedisBudgetLedger', openRedisLedger);

it('lends and learns as the ledger in memory does', async () => {
  const random = randomFor('both ledgers');
  const [memory, redis] = [openMemoryLedger(1, true), openRedisLedger(1, true)];
  for (let round = 0; round < 300; round++) {
    const [budget, demand] = [anyBudget(random), anyDemand(random)];
    const after = async ({ ledgers, stateOf, setBudget }: LedgerRig) => {
      await setBudget('shard', budget);
      const { grants } = await ledgers[0]!.borrow([demand]);
      return { grant: grants[0], ...(await stateOf('shard')) };
    };
    const [expected, found] = [await after(memory), await after(redis)];
    const rounded = Object.entries(expected).map(([name, value]) => [
      name,
      typeof value === 'number' ? expect.closeTo(value, DIGITS[name] ?? 4) : value,
    ]);
    expect(found, JSON.stringify({ budget, demand })).toEqual(Object.fromEntries(rounded));
  }
});

it('waits for no time that is too far away, as the clock of Redis may be set back', async () => {
  const { ledgers, setBudget, fieldsOf } = openRedisLedger(1, true);
  const DAY_MS = 86_400_000;
  const known = { records: 0, bytes: 0, share: 1, ceiling: 1, part: 0.05, taken: 0, throttled: 0, agoMs: -DAY_MS, throttledAgoMs: -DAY_MS };
  await setBudget('shard', { ...known, countedAgoMs: -DAY_MS, randomForMs: DAY_MS });
  await ledgers[0]!.borrow([{ ...anyDemand(new SeededRandom(1)), answers: { taken: 1, ...CLEAN } }]);
  const [at, , , , , throttledAt, , randomUntil, countedFrom] = await fieldsOf('shard');
  expect([throttledAt, randomUntil, countedFrom]).toEqual([0, at, at]);
});

/** As precisely as Redis keeps them. */
const DIGITS: Readonly<Record<string, number>> = { bytes: 0, records: 1 };

const anyBudget = (random: SeededRandom): KnownBudget => ({
  ...{ records: random.between(-500, 250), bytes: random.between(-500_000, 250_000), share: random.between(20, 100) / 100 },
  ...{ ceiling: random.between(20, 100) / 100, agoMs: AHEAD, throttledAgoMs: random.pick([10_000, 60_000]) },
  ...{ part: random.pick([0, 0.03, 0.05, 0.2, 1]), randomForMs: random.pick([undefined, undefined, -1, 20_000]) },
  ...{ countedAgoMs: random.pick([2_000, 600_000]), taken: random.between(0, 400), throttled: random.between(0, 40) },
});

const anyDemand = (random: SeededRandom): ShardDemand => ({
  ...{ shardId: 'shard', records: random.between(0, 250), bytes: random.between(0, 250_000), leastBytes: random.between(0, 1_000) },
  unused: { records: random.between(0, 50), bytes: random.between(0, 50_000) },
  answers: {
    taken: random.between(0, 400),
    ...(random.chance(0.5) ? { throttled: random.between(1, 40), throttledBytes: 10_000 } : CLEAN),
  },
});

const CLEAN = { throttled: 0, throttledBytes: 0 };

function openRedisLedger(writers: number, isEnforced: boolean): LedgerRig & { fieldsOf(shardId: string): Promise<Fields> } {
  const stream = `stream-${crypto.randomUUID()}`;
  const key = `test:budgets:${stream}`;
  const fieldsOf = async (shardId: string) => (await session.client.hget(key, shardId))!.split(' ').map(Number) as Fields;
  return {
    fieldsOf,
    ledgers: Array.from({ length: writers }, () => createRedisBudgetLedger({ session, keyPrefix: 'test', stream, isEnforced })),
    stateOf: async (shardId) => {
      const [, records, bytes, share, ceiling, , part, randomUntil, , taken, throttled] = await fieldsOf(shardId);
      return { records, bytes, share, ceiling, part, isRandom: randomUntil > 0, taken, throttled };
    },
    setBudget: async (shardId, { records, bytes, share, ceiling, part, taken, throttled, ...ago }) => {
      const [seconds, micros] = await session.client.time();
      const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      const randomUntil = ago.randomForMs === undefined ? 0 : nowMs + ago.randomForMs;
      const learned = [share, ceiling, nowMs - ago.throttledAgoMs, part, randomUntil, nowMs - ago.countedAgoMs, taken, throttled];
      await session.client.hset(key, shardId, [nowMs - ago.agoMs, records, bytes, ...learned].join(' '));
    },
  };
}
