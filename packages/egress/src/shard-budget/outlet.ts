/** Where records leave to, as far as that has a budget: a shard of the stream. */
export interface Outlet {
  /** Takes the budget for a record of so many bytes, or for bytes that join one which leaves already; `false` where there is not enough. */
  take(byteSize: number, nowMs: number, records?: 0 | 1): boolean;
  /** Whether a request may fail in part here, so that no two records of a key should share one. */
  isRisky(nowMs: number): boolean;
}

/** The code of a record that its shard had no capacity for. */
export const THROTTLED = 'ProvisionedThroughputExceededException';
