import type { TypedValue } from '@sluice/function-protocol';
import { addressKeys, type LaneAddress, type RedisSession, readBinaryScript } from '@sluice/redis';
import { decodeStoredValue } from './stored-value.ts';

/** One address of a function type: the lane's target is the type. */
export interface StateAddress extends LaneAddress {
  readonly id: string;
}

/** A value of an address. Without bytes it is a value all the same. */
export interface StoredValue extends TypedValue {
  /** Milliseconds from the reading; absent where it does not expire. */
  readonly expiresInMs?: number;
}

/** The values of an address at one moment. */
export interface AddressValues {
  /** Another text after each change by an operator. */
  readonly edits: string | undefined;
  readonly values: ReadonlyMap<string, StoredValue>;
  /** Names whose value has expired and is still stored. */
  readonly expired: readonly string[];
}

type Reply = [edits: Buffer, values: (Buffer | number)[], expired: Buffer[]];

const script = readBinaryScript(new URL('./scripts/read-values.lua', import.meta.url));

/** The values of addresses, in one round trip, in their order. What has expired by the clock of Redis is absent. */
export async function readValues(session: RedisSession, epoch: number, addresses: readonly StateAddress[]): Promise<AddressValues[]> {
  if (addresses.length === 0) return [];
  const keys = addresses.map((address) => addressKeys(address, address.id).values);
  const replies = (await session.run(epoch, (client) => script(client, keys, []))) as Reply[];
  return replies.map(toAddressValues);
}

function toAddressValues([edits, flat, expired]: Reply): AddressValues {
  const values = new Map<string, StoredValue>();
  for (let at = 0; at < flat.length; at += 3) {
    const [name, stored, left] = flat.slice(at, at + 3) as [Buffer, Buffer, number];
    values.set(name.toString(), { ...decodeStoredValue(stored), ...(left >= 0 && { expiresInMs: left }) });
  }
  return { edits: edits.byteLength === 0 ? undefined : edits.toString(), values, expired: expired.map(String) };
}
