import type { RecordOrigin } from '@sluice/core';
import { DurationTally } from '@sluice/telemetry';
import type { JobAccount } from './job-account.ts';

/** A message for an address, in memory. */
export interface Message {
  /** The bytes of the invocation, as they go into the request. */
  readonly data: Uint8Array;
  /** Of a record of an ingress. */
  readonly origin: RecordOrigin | undefined;
  /** The `traceparent` of the job that it came with. Not known of what is in a mailbox. */
  readonly trace?: string | undefined;
}

/** A message that is in a job of the lane. */
export interface LaneMessage extends Message {
  readonly account: JobAccount;
  /** Among the job's records. */
  readonly place: number;
}

/**
 * How many messages these are, and how long it took from the arrival of those that came from a stream until now.
 * @param trace the `traceparent` of their call
 */
export function countOf(
  messages: readonly Message[],
  nowMs: number,
  trace: string | undefined,
): { readonly messages: number; readonly delivered: DurationTally } {
  const delivered = new DurationTally();
  if (trace?.endsWith('-01')) delivered.traceId = trace.split('-')[1];
  for (const { origin } of messages) if (origin?.arrivalTimeMs) delivered.add(Math.max(0, nowMs - origin.arrivalTimeMs) / 1_000);
  return { messages: messages.length, delivered };
}
