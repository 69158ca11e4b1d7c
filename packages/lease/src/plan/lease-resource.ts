/** A row that workers lease. */
export interface LeaseResource {
  readonly key: string;
  /** Rows that must have ended before this one may be claimed; those that do not exist count as ended. */
  readonly after: readonly string[];
  /** Whether the row is created by another than its first claimant. */
  readonly mustExist: boolean;
}

/** A resource without conditions, such as a lane: its row comes into being with the first claim. */
export const freeResource = (key: string): LeaseResource => ({ key, after: [], mustExist: false });
