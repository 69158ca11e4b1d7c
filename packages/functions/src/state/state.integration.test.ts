import type { StateSpec } from '@sluice/function-protocol';
import { type LaneReceiver, laneOf } from '@sluice/queue';
import { resizeQuietLanes, takeLane, useRedis } from '@sluice/queue/testing';
import { addressKeys, type RedisSession, targetsKey } from '@sluice/redis';
import { until } from '@sluice/testkit';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MutationEffect } from '../answer/effects.ts';
import { type AddressValues, readValues } from './address-values.ts';
import { mutationOperations } from './mutation-operations.ts';
import { RegisteredStates } from './registered-states.ts';

let session: RedisSession;
let target: string;
let lane: LaneReceiver;
let registered: RegisteredStates;
useRedis('ns/state', (it) => {
  ({ session, target } = it);
});
beforeEach(async () => {
  lane = await takeLane(session, { target, lane: 0 });
  registered = new RegisteredStates();
});

describe('the values of an address', () => {
  it('are read as they were written, of many addresses in one round trip', async () => {
    register(spec('count'), spec('Ümläut {x}:y', BYTES));
    const binary = Buffer.from([0, 255, 10, 13, 0]);
    await commit('a', { count: Buffer.from('1'), 'Ümläut {x}:y': binary });
    await commit('b:{c} ', { count: Buffer.from('2') });
    await commit('', { count: Buffer.from('3') });
    const sent = vi.spyOn(session.client, 'sendCommand');
    const [a, b, none, anonymous] = await readValues(session, session.epoch, ['a', 'b:{c} ', 'none', ''].map(addressOf));
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockRestore();
    expect(Object.fromEntries(a!.values)).toEqual({
      count: { typename: INT, value: Buffer.from('1') },
      'Ümläut {x}:y': { typename: BYTES, value: binary },
    });
    expect([texts(b!), texts(none!), texts(anonymous!)]).toEqual([{ count: '2' }, {}, { count: '3' }]);
  });

  it('are present where they are empty, and absent where they were deleted or never written', async () => {
    register(spec('empty'), spec('deleted'), spec('never'));
    await commit('a', { empty: Buffer.alloc(0), deleted: Buffer.from('x') });
    await commit('a', { deleted: undefined });
    expect(texts(await read('a'))).toEqual({ empty: '' });
    await commit('a', { empty: undefined });
    expect(await session.client.exists(keyOf('a'))).toBe(0);
  });

  it('keep what a commit does not write', async () => {
    register(spec('one'), spec('two'));
    await commit('a', { one: Buffer.from('1'), two: Buffer.from('2') });
    await commit('a', { two: Buffer.from('3') });
    expect(texts(await read('a'))).toEqual({ one: '1', two: '3' });
    expect(await session.client.pttl(keyOf('a'))).toBe(-1);
  });

  it('expire after a write by the clock of Redis; only writing counts them anew', async () => {
    register(spec('short', INT, 'afterWrite', 3_500_000), spec('long', INT, 'afterWrite', 3_600_000));
    await commit('a', { short: Buffer.from('s'), long: Buffer.from('l') });
    const written = await expiryOf('a', 'short');
    await commit('a', {});
    expect(await expiryOf('a', 'short')).toBe(written);
    await commit('a', { short: Buffer.from('t') });
    expect(await expiryOf('a', 'short')).toBeGreaterThanOrEqual(written);
    await session.client.hset(keyOf('a'), '~short', (await redisNow()) + 100);
    await expectExpiry('a', 'short');
    expect(texts(await read('a'))).toEqual({ long: 'l' });
    expect(await session.client.pttl(keyOf('a'))).toBeGreaterThan(3_000_000);
    await commit('a', {});
    expect(await session.client.hkeys(keyOf('a'))).toEqual(['=long', '~long']);
  });

  it('expire after the last invocation where they are declared so', async () => {
    register(spec('used', INT, 'afterInvoke', 3_600_000));
    await commit('a', { used: Buffer.from('u') });
    await session.client.hincrby(keyOf('a'), '~used', -3_500_000);
    expect((await read('a')).values.get('used')?.expiresInMs).toBeLessThan(110_000);
    await commit('a', {});
    expect((await read('a')).values.get('used')?.expiresInMs).toBeGreaterThan(3_500_000);
    expect(await session.client.pttl(keyOf('a'))).toBeGreaterThan(3_500_000);
  });

  it('do not come back once they have expired, also where they count from the last invocation', async () => {
    register(spec('used', INT, 'afterInvoke', 60_000), spec('kept'));
    await commit('a', { used: Buffer.from('u'), kept: Buffer.from('k') });
    await session.client.hset(keyOf('a'), '~used', 1);
    await commit('a', {});
    expect(texts(await read('a'))).toEqual({ kept: 'k' });
    await commit('a', { used: Buffer.from('v') });
    expect(texts(await read('a'))).toEqual({ used: 'v', kept: 'k' });
  });

  it('leave nothing behind where all of them expire', async () => {
    register(spec('short', INT, 'afterWrite', 3_600_000));
    await commit('a', { short: Buffer.from('s') });
    expect(await session.client.pttl(keyOf('a'))).toBeGreaterThan(0);
    await session.client.pexpire(keyOf('a'), 1);
    await until('the key to expire', async () => (await session.client.exists(keyOf('a'))) === 0);
    register(spec('kept'));
    await commit('a', { short: Buffer.from('s') });
    await commit('a', { kept: Buffer.from('k') });
    expect(await session.client.pttl(keyOf('a'))).toBe(-1);
    await commit('a', { kept: undefined });
    expect(await session.client.pttl(keyOf('a'))).toBeGreaterThan(0);
  });

  it('follow the declaration of a new version after a restart', async () => {
    register(spec('value', INT, 'afterWrite', 60_000));
    await commit('a', { value: Buffer.from('v') });
    registered = new RegisteredStates();
    register(spec('value'));
    await commit('a', {});
    expect(await session.client.hkeys(keyOf('a'))).toEqual(['=value']);
    expect(await session.client.pttl(keyOf('a'))).toBe(-1);
  });

  it('move along where their type gets another number of lanes, also after an interruption', async () => {
    register(spec('count'), spec('short', INT, 'afterWrite', 3_600_000));
    const ids = ['', 'a', 'b:{c}', 'd/0}', ...Array.from({ length: 200 }, (_, index) => `id-${index}`)];
    for (const id of ids) await commit(id, { count: Buffer.from(id), short: Buffer.alloc(0) });
    await session.client.hset(addressKeys({ target: `${target}/x`, lane: 0 }, 'other').values, '=count', 'x');
    await session.client.hset(targetsKey(), target, 4);
    await resizeQuietLanes(session, { target, lanes: 7 });
    // As an interruption leaves it.
    await session.client.hset(targetsKey(), target, '7 resized closed 3 until 1 by a');
    await resizeQuietLanes(session, { target, lanes: 3 });
    const moved = await readValues(
      session,
      session.epoch,
      ids.map((id) => ({ target, lane: laneOf(id, 3), id })),
    );
    expect(moved.map((values) => texts(values))).toEqual(ids.map((id) => ({ count: id, short: '' })));
    expect((await session.client.keys(`*${target}/*:values:*`)).length).toBe(ids.length + 1);
    await session.client.del(targetsKey());
  });

  it('are not written over a change of an operator that the function has not seen', async () => {
    register(spec('count'));
    await commit('a', { count: Buffer.from('1') });
    const seen = await read('a');
    await session.client.hset(keyOf('a'), 'edits', 'changed');
    await expect(commit('a', { count: Buffer.from('2') }, seen)).rejects.toMatchObject({ code: 'GUARD_FAILED', failed: 'guard', index: 0 });
    await commit('a', { count: Buffer.from('3') });
    expect(texts(await read('a'))).toEqual({ count: '3' });
  });
});

const INT = 'io.statefun.types/int';
const BYTES = 'com.example/bytes';
const spec = (name: string, typename = INT, mode: StateSpec['expiration']['mode'] = 'none', afterMs = 0): StateSpec => ({
  name,
  typename,
  expiration: { mode, afterMs },
});
const register = (...specs: StateSpec[]) => registered.register(specs);
const addressOf = (id: string) => ({ target, lane: 0, id });
const keyOf = (id: string) => addressKeys({ target, lane: 0 }, id).values;
const read = async (id: string): Promise<AddressValues> => (await readValues(session, session.epoch, [addressOf(id)]))[0]!;
const texts = ({ values }: AddressValues) =>
  Object.fromEntries([...values].map(([name, { value }]) => [name, Buffer.from(value).toString()]));
const expiryOf = async (id: string, name: string) => Number(await session.client.hget(keyOf(id), `~${name}`));

/** One invocation that leaves these values; `undefined` deletes. */
async function commit(id: string, changes: Record<string, Buffer | undefined>, seen?: AddressValues): Promise<void> {
  const mutations: MutationEffect[] = Object.entries(changes).map(([name, value]) => ({
    name,
    value: value && { typename: registered.specOf(name)!.typename, value },
  }));
  await lane.settle([], mutationOperations({ address: addressOf(id), values: seen ?? (await read(id)), mutations, registered }));
}

/** A value is there until its time has come, and never after it. */
async function expectExpiry(id: string, name: string): Promise<void> {
  const dueMs = await expiryOf(id, name);
  for (let isThere = true; isThere; ) {
    const before = await redisNow();
    isThere = (await read(id)).values.has(name);
    const after = await redisNow();
    expect(isThere ? before < dueMs : after >= dueMs, 'neither early nor late').toBe(true);
  }
}

async function redisNow(): Promise<number> {
  const [seconds, micros] = await session.client.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
