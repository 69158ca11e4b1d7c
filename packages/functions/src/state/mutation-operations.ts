import type { CommandOperation, LaneEffects } from '@sluice/queue';
import { addressKeys } from '@sluice/redis';
import type { MutationEffect } from '../answer/effects.ts';
import type { AddressValues, StateAddress } from './address-values.ts';
import type { RegisteredStates } from './registered-states.ts';
import { EDITS_FIELD, EXPIRY_FIELD, encodeStoredValue, VALUE_FIELD } from './stored-value.ts';

export interface MutatedAddress {
  readonly address: StateAddress;
  /** As the function has seen them. */
  readonly values: AddressValues;
  readonly mutations: readonly MutationEffect[];
  readonly registered: Pick<RegisteredStates, 'specOf'>;
}

/** A value after the commit, and when it expires: `undefined` never. */
type Expiry = number | undefined;

/** So long after its last value has expired a key goes: its values expire on their own, by their fields. */
const KEY_SLACK_MS = 1_000;
/** How long `edits` outlives the last value, so that no commit of a worker that has read something older passes its guard. */
export const EDITS_KEPT_MS = 3_600_000;

/**
 * What a commit does to the values of an address. Each value expires by its field, counted anew after each invocation or each write, as its
 * function declares it; the whole key expires where every value does, so that nothing is left of an address that is not used any more.
 */
export function mutationOperations({ address, values, mutations, registered }: MutatedAddress): LaneEffects {
  const key = addressKeys(address, address.id).values;
  const operations: CommandOperation[] = [];
  const expiries = new Map<string, Expiry>([...values.values].map(([name, { expiresInMs }]) => [name, expiresInMs]));
  const command = (...words: CommandOperation['command']) => operations.push({ type: 'command', command: words });
  const expire = (name: string, afterMs: number) => {
    operations.push({ type: 'command', command: ['HSET', key, EXPIRY_FIELD + name, afterMs], addNowTo: 3 });
    expiries.set(name, afterMs);
  };
  const keep = (name: string) => {
    if (expiries.get(name) !== undefined || values.expired.includes(name)) command('HDEL', key, EXPIRY_FIELD + name);
    expiries.set(name, undefined);
  };
  const remove = (name: string) => {
    command('HDEL', key, VALUE_FIELD + name, EXPIRY_FIELD + name);
    expiries.delete(name);
  };

  const written = new Set(mutations.map(({ name }) => name));
  for (const name of values.expired) if (!written.has(name)) remove(name);
  for (const { name, value } of mutations) {
    if (!value) {
      remove(name);
      continue;
    }
    const { mode, afterMs } = registered.specOf(name)?.expiration ?? { mode: 'none', afterMs: 0 };
    command('HSET', key, VALUE_FIELD + name, encodeStoredValue(value));
    if (mode === 'none') keep(name);
    else expire(name, afterMs);
  }
  for (const [name, { expiresInMs }] of values.values) {
    if (written.has(name)) continue;
    const expiration = registered.specOf(name)?.expiration;
    if (expiration?.mode === 'afterInvoke') expire(name, expiration.afterMs);
    if (expiration?.mode === 'none' && expiresInMs !== undefined) keep(name);
  }
  operations.push(...keyExpiry(key, values, expiries));
  return { guards: [{ key, field: EDITS_FIELD, expected: values.edits }], operations };
}

/** Of the key as a whole. Where nothing is left Redis removes the key itself, unless it holds `edits`. */
function keyExpiry(key: string, { values, edits }: AddressValues, after: ReadonlyMap<string, Expiry>): CommandOperation[] {
  const did = [...values.values()].every(({ expiresInMs }) => expiresInMs !== undefined);
  const does = [...after.values()].every((expiry) => expiry !== undefined);
  if (!does) return did ? [{ type: 'command', command: ['PERSIST', key] }] : [];
  if (after.size === 0 && edits === undefined) return [];
  const longest = Math.max(0, ...[...after.values()].map((expiry) => expiry ?? 0));
  const leftMs = longest + (edits === undefined ? KEY_SLACK_MS : EDITS_KEPT_MS);
  return [{ type: 'command', command: ['PEXPIRE', key, Math.min(leftMs, MAX_EXPIRY_MS)] }];
}

/** Redis takes no larger time than this from now. */
const MAX_EXPIRY_MS = 2 ** 52;
