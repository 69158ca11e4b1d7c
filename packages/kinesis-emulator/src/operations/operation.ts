import type { Clock } from '@sluice/core';
import type { JsonObject } from '../protocol/input.ts';
import type { Account } from '../store/account.ts';

/** Why a single record of a PutRecords request fails. */
export type RecordFailure = 'ProvisionedThroughputExceededException' | 'InternalFailure';

export interface OperationContext {
  readonly account: Account;
  readonly clock: Clock;
  readonly iteratorExpiryMs: number;
  /** Fault injection: why the record at `index` of this request must fail; `undefined` where it need not. */
  readonly failRecord: (index: number) => RecordFailure | undefined;
}

/** One operation of the API: synchronous, so that it happens at one point in time. Answers the body, or a value to be made one; throws a `ServiceError`. */
export type Operation = (context: OperationContext, input: JsonObject) => string | JsonObject | undefined;
