import type { RecordOrigin } from '@sluice/core';
import { DurationTally } from '@sluice/telemetry';
import type { JobAccount } from './job-account.ts';

/** A message for an address, in memory. */
export interface Message {
  /** The bytes of the invocation, as they go into the request. */
  readonly data: Uint8Array;
  /** Of a record of an ingress. */
  readonly origin: RecordOrigin | undefined;
}

/** A message that is in a job of the lane. */
export interface LaneMessage extends Message {
  readonly account: JobAccount;
  /** Among the job's records. */
  readonly place: number;
}

/** From the arrival of the messages in their source stream until now; of those that came from a stream. */
export function deliveryOf(messages: readonly Message[], nowMs: number): DurationTally {
  const tally = new DurationTally();
  for (const { origin } of messages) if (origin?.arrivalTimeMs) tally.add(Math.max(0, nowMs - origin.arrivalTimeMs) / 1_000);
  return tally;
}
