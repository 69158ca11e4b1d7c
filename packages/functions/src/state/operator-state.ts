/** What an operator does with the values of addresses, also while workers run. */
import { randomUUID } from 'node:crypto';
import type { TypedValue } from '@sluice/function-protocol';
import type { TargetLanes } from '@sluice/queue';
import { addressKeys, type RedisSession, readScript, type ScriptArgument, valuesKeyBase } from '@sluice/redis';
import { readValues, type StateAddress, type StoredValue } from './address-values.ts';
import { EDITS_KEPT_MS } from './mutation-operations.ts';
import { encodeStoredValue } from './stored-value.ts';

export interface StatefulAddress {
  readonly address: StateAddress;
  readonly values: ReadonlyMap<string, StoredValue>;
}

export interface ValueEdit {
  readonly name: string;
  /** `undefined` deletes it. */
  readonly value: TypedValue | undefined;
  /** By the clock of Redis, milliseconds since 1970; absent: never. */
  readonly expiresAtMs?: number;
}

const KEYS_A_SCAN = 200;

/**
 * The addresses of these types that have values, some at a time. What is written meanwhile may be among them or not, and an address may
 * come twice.
 */
export async function* scanAddresses(
  session: RedisSession,
  { keyPrefix, types }: { readonly keyPrefix?: string | undefined; readonly types: readonly TargetLanes[] },
): AsyncGenerator<StatefulAddress[]> {
  const bases = types.flatMap(({ target, lanes }) =>
    Array.from({ length: lanes }, (_, lane) => ({ base: valuesKeyBase({ keyPrefix, target, lane }), target, lane })),
  );
  const byBase = new Map(bases.map((one) => [one.base, one]));
  const pattern = patternOf(bases.map(({ base }) => base));
  const { epoch } = session;
  let cursor = '0';
  do {
    const [next, keys] = await session.run(epoch, (client) => client.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN));
    cursor = next;
    const addresses = keys.flatMap((key): StateAddress[] => {
      const base = key.slice(0, key.indexOf(BASE_END) + BASE_END.length);
      const lane = byBase.get(base);
      return lane ? [{ keyPrefix, target: lane.target, lane: lane.lane, id: key.slice(base.length) }] : [];
    });
    const read = await readValues(session, epoch, addresses);
    const page = addresses.map((address, index) => ({ address, values: read[index]!.values })).filter(({ values }) => values.size > 0);
    if (page.length > 0) yield page;
  } while (cursor !== '0');
}

/** What the base of a lane's values ends with; a brace in a type's name is spelt otherwise. */
const BASE_END = '}:values:';

/** Matches the keys of all of them, and of no more than the same kind. */
function patternOf(bases: readonly string[]): string {
  const [first = ''] = bases;
  const prefix = first.slice(0, first.indexOf('{') + 1);
  const [only] = bases.length === 1 ? bases : [];
  return `${(only ?? prefix).replace(/[*?[\]^\\]/g, '\\$&')}${only === undefined ? `*${BASE_END}` : ''}*`;
}

const script = readScript(new URL('./scripts/edit-values.lua', import.meta.url));

/**
 * Stores and deletes values, each address in one step. A request that is under way for an address is made again with what is stored then.
 * Answers how many of the values were there before.
 */
export async function editValues(
  session: RedisSession,
  edits: readonly { readonly address: StateAddress; readonly values: readonly ValueEdit[] }[],
): Promise<number> {
  const found = await session.run(session.epoch, (client) =>
    Promise.all(
      edits.map(({ address, values }) =>
        script(client, [addressKeys(address, address.id).values], [randomUUID(), EDITS_KEPT_MS, ...values.flatMap(toArguments)]),
      ),
    ),
  );
  return found.reduce<number>((sum, count) => sum + Number(count), 0);
}

const toArguments = ({ name, value, expiresAtMs }: ValueEdit): ScriptArgument[] => [
  name,
  value ? '1' : '0',
  value ? encodeStoredValue(value) : '',
  expiresAtMs ?? '',
];
