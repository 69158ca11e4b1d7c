import type { RecordOrigin } from '@sluice/core';
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
