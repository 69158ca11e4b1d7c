import type { BatchPolicy } from '@sluice/batcher';
import type { EgressStream } from '@sluice/config';
import type { Weight } from '@sluice/core';
import type { RetryRules } from '../egress-writer/failure-policy.ts';
import type { AggregationRules } from '../egress-writer/packing-draft.ts';
import type { KeyRules } from '../egress-writer/record-encoder.ts';
import type { RecordInHand } from '../egress-writer/record-in-hand.ts';
import type { Processing } from '../egress-writer/record-processing.ts';
import type { Ordering, RequestLimits } from '../egress-writer/record-scheduler.ts';

/** An egress with every text of its configuration turned into a value, so that no text is left to be misspelt. */
export interface CompiledEgress {
  readonly id: string;
  readonly lanes: number;
  /** Names or ARNs as configured. */
  readonly stream: EgressStream;
  readonly ordering: Ordering;
  readonly limits: RequestLimits;
  readonly maxInFlight: number;
  /** `undefined` where records are not packed. */
  readonly aggregation: AggregationRules | undefined;
  readonly keys: KeyRules;
  readonly retry: RetryRules;
  readonly batching: BatchPolicy<RecordInHand> | undefined;
  /** `undefined` where nothing is processed. */
  readonly processing: Processing | undefined;
  /** Whether what a lane has of an input batch is processed as a whole. */
  readonly takesBatches: boolean;
  /** Ends a request that is not answered, at first; time-outs make it grow to the second. */
  readonly requestTimeoutMs: number;
  readonly maxRequestTimeoutMs: number;
  /** For all jobs in hand. */
  readonly budget: Weight;
}
