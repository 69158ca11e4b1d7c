/** What a writer tells of a shard, and asks for it. */
export interface ShardDemand {
  readonly shardId: string;
  /** 0 where nothing is wanted. */
  readonly records: number;
  readonly bytes: number;
  /** What the first record that waits needs. */
  readonly leastBytes: number;
  /** Of earlier slices. */
  readonly unused: { readonly records: number; readonly bytes: number };
  /** Since the last time. */
  readonly answers: ShardAnswers;
}

/** How a shard answered for records. */
export interface ShardAnswers {
  /** Those that it did not throttle. */
  readonly taken: number;
  readonly throttled: number;
  readonly throttledBytes: number;
}

/** A slice of what a shard takes in; nothing where there is too little for now. */
export interface ShardGrant {
  readonly records: number;
  readonly bytes: number;
  /** Milliseconds for which the shard is likely to throttle. */
  readonly riskyMs: number;
}

export interface LedgerAnswer {
  /** Whether records need budget at all. */
  readonly isPaced: boolean;
  /** One for each demand. */
  readonly grants: readonly ShardGrant[];
}

/** The budgets of a stream's shards, shared by all its writers. */
export interface BudgetLedger {
  /** Rejects where the ledger cannot be reached; nothing is lent then. */
  borrow(demands: readonly ShardDemand[]): Promise<LedgerAnswer>;
}
