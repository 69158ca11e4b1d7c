/** What is kept of each ten seconds, summed over all workers; of `lag` and `waiting` the largest. */
export type Measure =
  /** By source: ingress/stream. */
  | 'records_in'
  | 'bytes_in'
  /** Seconds. */
  | 'lag'
  /** By egress. */
  | 'records_out'
  | 'bytes_out'
  | 'failed'
  | 'throttled'
  /** By target: records that became dead letters; records in its lanes. */
  | 'dead_letters'
  | 'waiting'
  /** By function type: requests that were answered. */
  | 'invocations';

/** The last hour at most. */
export interface History {
  readonly bucketMs: 10_000;
  /** When the first bucket begins, by the clock of Redis. */
  readonly startMs: number;
  readonly series: readonly HistorySeries[];
}

export interface HistorySeries {
  readonly measure: Measure;
  readonly name: string;
  /** One a bucket; `null` where nobody reported it. Counts are those of the whole bucket: divide by ten for a rate. */
  readonly values: readonly (number | null)[];
}
