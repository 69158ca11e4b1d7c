import type { LaneReceiver } from '@sluice/queue';
import { takeLane, useRedis } from '@sluice/queue/testing';
import { addressKeys, type RedisSession } from '@sluice/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { readValues, type StateAddress } from './address-values.ts';
import { mutationOperations } from './mutation-operations.ts';
import { editValues, scanAddresses, type ValueEdit } from './operator-state.ts';
import { RegisteredStates } from './registered-states.ts';

const INT = 'io.statefun.types/int';
let session: RedisSession;
let target: string;
let lane: LaneReceiver;
useRedis('ns/operator-[state]*', (it) => {
  ({ session, target } = it);
});
beforeEach(async () => {
  lane = await takeLane(session, { target, lane: 0 });
});

describe('an operator', () => {
  it('sets and deletes values; empty is a value', async () => {
    await expect(edit('a', set('one', '1'), set('empty', ''))).resolves.toBe(0);
    await expect(edit('a', set('one', '2'), { name: 'empty', value: undefined }, { name: 'none', value: undefined })).resolves.toBe(2);
    expect(await textsOf('a')).toEqual({ one: '2' });
    await edit('a', { name: 'one', value: undefined }, set('empty', ''));
    expect(await textsOf('a')).toEqual({ empty: '' });
  });

  it('sets values that expire, and the key goes with the last of them', async () => {
    const inAnHour = Date.now() + 3_600_000;
    await edit('a', { ...set('one', '1'), expiresAtMs: inAnHour }, { ...set('gone', 'x'), expiresAtMs: 1 });
    expect(await textsOf('a')).toEqual({ one: '1' });
    expect((await valuesOf('a')).get('one')!.expiresInMs).toBeGreaterThan(3_500_000);
    expect(await session.client.pttl(keyOf('a'))).toBeGreaterThan(3_600_000);
    await edit('a', set('two', '2'));
    expect(await session.client.pttl(keyOf('a'))).toBe(-1);
    // Set anew without a time it stays.
    await edit('a', set('one', '3'));
    expect((await valuesOf('a')).get('one')!.expiresInMs).toBeUndefined();
  });

  it.each<[string, readonly ValueEdit[]]>([
    ['set', [set('count', '9')]],
    ['deleted', [{ name: 'count', value: undefined }]],
  ])('makes a commit fail that has read what was then %s', async (_, edits) => {
    await edit('a', set('count', '1'));
    const seen = await read('a');
    await edit('a', ...edits);
    await expect(commit('a', seen)).rejects.toMatchObject({ code: 'GUARD_FAILED', failed: 'guard' });
    await commit('a', await read('a'));
    expect(await textsOf('a')).toEqual({ count: 'by the function' });
  });

  it('sees every address of the types it asks for, and no other', async () => {
    const other = `${target}/other`;
    const ids = Array.from({ length: 500 }, (_, index) => `id-${index}`);
    await editValues(
      session,
      ['', 'with {braces}:values:', ...ids].map((id, index) => ({
        address: { target, lane: index % 3, id },
        values: [set('n', id)],
      })),
    );
    await editValues(session, [{ address: { target: other, lane: 0, id: 'x' }, values: [set('n', 'x')] }]);
    await edit('deleted', { name: 'n', value: undefined });

    const seen = await scan([{ target, lanes: 3 }]);
    expect(new Set(seen)).toEqual(new Set(['', 'with {braces}:values:', ...ids].map((id) => `${target} ${id}`)));
    expect(await scan([{ target: other, lanes: 1 }])).toEqual([`${other} x`]);
    expect(
      new Set(
        await scan([
          { target, lanes: 3 },
          { target: other, lanes: 2 },
        ]),
      ).size,
    ).toBe(503);
    expect(await scan([])).toEqual([]);
  });
});

const set = (name: string, text: string): ValueEdit => ({ name, value: { typename: INT, value: Buffer.from(text) } });
const addressOf = (id: string): StateAddress => ({ target, lane: 0, id });
const keyOf = (id: string) => addressKeys(addressOf(id), id).values;
const edit = (id: string, ...values: ValueEdit[]) => editValues(session, [{ address: addressOf(id), values }]);
const read = async (id: string) => (await readValues(session, session.epoch, [addressOf(id)]))[0]!;
const valuesOf = async (id: string) => (await read(id)).values;
const textsOf = async (id: string) =>
  Object.fromEntries([...(await valuesOf(id))].map(([name, { value }]) => [name, Buffer.from(value).toString()]));

async function commit(id: string, values: Awaited<ReturnType<typeof read>>): Promise<void> {
  const registered = new RegisteredStates();
  registered.register([{ name: 'count', typename: INT, expiration: { mode: 'none', afterMs: 0 } }]);
  const mutations = [{ name: 'count', value: { typename: INT, value: Buffer.from('by the function') } }];
  await lane.settle([], mutationOperations({ address: addressOf(id), values, mutations, registered }));
}

async function scan(types: readonly { target: string; lanes: number }[]): Promise<string[]> {
  const seen: string[] = [];
  for await (const page of scanAddresses(session, { types })) seen.push(...page.map(({ address }) => `${address.target} ${address.id}`));
  return seen;
}
