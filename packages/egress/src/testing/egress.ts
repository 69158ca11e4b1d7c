import type { CompiledEgress } from '../compile/compiled-egress.ts';

export const TARGET = 'com.example/out';
export const LANES = 4;

/** An egress for tests: quick to try again, its keys those of the records. */
export const egressOf = (egress: Partial<CompiledEgress> = {}): CompiledEgress => ({
  id: TARGET,
  lanes: LANES,
  stream: { type: 'fixed', stream: 'out' },
  ordering: 'key',
  limits: { maxRecords: 500, maxBytes: 10 * 1024 * 1024 },
  maxInFlight: 8,
  keys: { partitionKey: 'record', hashKey: 'record' },
  retry: {
    backoff: { initialIntervalMs: 20, maxIntervalMs: 200, maxElapsedMs: 0, maxRetries: 0 },
    recordTtlMs: undefined,
    failIfThrottled: false,
  },
  batching: undefined,
  takesBatches: false,
  processing: undefined,
  aggregation: undefined,
  requestTimeoutMs: 3_000,
  maxRequestTimeoutMs: 60_000,
  budget: { bytes: 8 * 1024 * 1024, records: 10_000 },
  ...egress,
});
