import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { openLaneSender } from '@sluice/queue';
import { connectRedis, type RedisSession, targetsKey, usesKey } from '@sluice/redis';
import { createReportStore, type WorkerReport } from '@sluice/status';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAudit } from '../audit/audit-log.ts';
import type { Operator } from '../operator.ts';
import type { ActionPlan } from './action.ts';
import { performAction } from './perform-action.ts';

const TARGET = 'output/orders';
const NO_REPORT = { format: 1, workerId: 'w1', app: 'function-worker', shards: [], routes: [], egresses: [], functions: [] };
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
beforeEach(async () => {
  operator = { session, keyPrefix: `test-${randomUUID()}` };
  await openLaneSender({ session, keyPrefix: operator.keyPrefix, target: TARGET, lanes: 2, clock: systemClock });
});

const perform = (name: string, input: unknown, options = {}) => performAction(operator, name, input, { by: 'ada (board)', ...options });
const audit = () => readAudit(operator, 10);

describe('performAction', () => {
  it('plans, notes who does what, and does it', async () => {
    const outcome = await perform('pause', { name: TARGET, reason: 'maintenance' });

    expect(outcome).toMatchObject({ isDone: true, plan: { subject: TARGET, changes: true }, lines: [expect.stringContaining('paused')] });
    const facts = { kind: 'target', reason: 'maintenance' };
    expect(await audit()).toEqual([{ at: expect.any(String), by: 'ada (board)', action: 'pause', subject: TARGET, facts }]);
    expect((await perform('resume', { name: TARGET, kind: 'egress' })).plan.lines[0]).toContain('by ada (board): maintenance');
  });

  it('changes nothing and notes nothing in a dry run, where there is nothing to do, and where it is refused', async () => {
    expect(await perform('pause', { name: TARGET }, { dryRun: true })).toMatchObject({ isDone: false, lines: [] });
    expect(await perform('resume', { name: TARGET })).toMatchObject({ isDone: false, plan: { changes: false } });
    const approve = (plan: ActionPlan) => Promise.reject(new Error(`no: ${plan.subject}`));
    await expect(perform('pause', { name: TARGET }, { approve })).rejects.toThrow(`no: ${TARGET}`);
    expect(await audit()).toEqual([]);
  });

  it('says what is wrong with a name or an input', async () => {
    await expect(perform('drop', {})).rejects.toThrow(/^expected an action, found drop; there are pause, resume, /);
    await expect(perform('toString', {})).rejects.toThrow('expected an action, found toString');
    await expect(perform('pause', {})).rejects.toThrow('name of pause: expected string, received undefined');
    await expect(perform('pause', { name: TARGET, force: true })).rejects.toThrow('Unrecognized key: "force"');
    await expect(perform('pause', 7)).rejects.toMatchObject({ code: 'OPERATOR_INPUT_INVALID' });
    await expect(perform('pause', { name: 'output/x' })).rejects.toThrow('found output/x; it knows output/orders');
    await expect(perform('dead_letters.redrive', { ids: [] })).rejects.toThrow('expected the ids of dead letters, or --all');
  });

  it('notes a failure beside what it was about to do', async () => {
    await session.client.hset(`${operator.keyPrefix}:{delayed}:counts`, TARGET, 1);
    await expect(perform('lanes.resize', { target: TARGET, lanes: 3, timeoutMs: 1 })).rejects.toMatchObject({ code: 'LANES_NOT_DRAINED' });
    expect(await audit()).toMatchObject([
      { action: 'lanes.resize', subject: TARGET, facts: { from: 2, to: 3, failed: { code: 'LANES_NOT_DRAINED' } } },
      { action: 'lanes.resize', subject: TARGET, facts: { from: 2, to: 3 } },
    ]);
  });

  it('lays the lanes of a target by shard', async () => {
    const target = 'output/quiet';
    await openLaneSender({ session, keyPrefix: operator.keyPrefix, target, lanes: 2, layout: 'key', clock: systemClock });
    const { lines } = await perform('lanes.resize', { target, lanes: 2, by: 'shard' });
    expect(lines).toContain('its lanes are laid by shard; configure `ordering: shard`');
    expect(await session.client.hget(targetsKey(operator.keyPrefix), target)).toBe('2 laid by shard resized');
  });

  it('lays the lanes of no function by shard, nor of what nobody says that it is an egress', async () => {
    const target = 'shop/cart';
    await openLaneSender({ session, keyPrefix: operator.keyPrefix, target, lanes: 2, clock: systemClock });
    const resize = () => perform('lanes.resize', { target, lanes: 2, by: 'shard' }, { dryRun: true });
    await expect(resize()).rejects.toThrow('found shop/cart, of which no worker says what it is: start its egress-worker first');
    const store = createReportStore(session, operator.keyPrefix);
    await store.publish({ ...NO_REPORT, functions: [{ type: target }] } as unknown as WorkerReport, []);
    await expect(resize()).rejects.toThrow('expected an egress for a layout by shard, found the function shop/cart');
    await store.remove(NO_REPORT.workerId);
    await session.client.hset(usesKey(operator.keyPrefix), `egress ${target}`, '{}');
    expect(await resize()).toMatchObject({ plan: { facts: { by: 'shard' } } });
  });

  it('imports lines only if all of them can be stored', async () => {
    const line = JSON.stringify({ type: TARGET, id: 'a', name: 'n', typename: 'com.example/T', value_base64: 'aGk=' });
    await expect(perform('state.import', { lines: [line, '{}'] })).rejects.toMatchObject({ code: 'FUNCTION_STATE_LINE' });
    expect((await perform('state.import', { lines: [line] })).lines).toEqual(['1 value stored']);
    await session.client.hset(targetsKey(operator.keyPrefix), TARGET, '2 closed 3 until 1 by a');
    await expect(perform('state.import', { lines: [line] })).rejects.toThrow('is being given another number of lanes');
    await expect(perform('state.import', { lines: 'x' })).rejects.toThrow('lines of state.import: expected lines of text');
  });
});
