import type { Clock } from '@sluice/core';
import type { AddressQueue } from './address-queue.ts';

const SLOW_MS = 1_000;

/** Whether an address keeps jobs of its lane in hand for long: by a request that is open, or by a message that waits behind others of it. */
export function isSlow({ state, since, nextInLine }: AddressQueue, clock: Clock): boolean {
  if (state === 'calling' && since <= clock.now() - SLOW_MS) return true;
  return nextInLine !== undefined && nextInLine.account.takenAtMs <= clock.monotonic() - SLOW_MS;
}
