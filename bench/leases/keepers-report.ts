export const GROUP = '{bench}:readers';
export const TABLE = '{bench}:shards';

/** What a process of keepers says of them. */
export interface KeepersReport {
  /** Leases in hand, by worker. */
  readonly held: readonly number[];
  readonly claimed: number;
  /** Leases that expired, were taken, or went with a connection. */
  readonly lost: number;
}
