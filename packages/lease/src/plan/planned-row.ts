export interface PlannedRow {
  readonly key: string;
  /** Who holds it, or whom it waits for; empty if it is free. */
  readonly worker: string;
  /** Free for longer than a worker needs to claim its part: any worker may claim it. */
  readonly isOverdue?: boolean;
  /** An operator moved it to its worker: it stays there. */
  readonly isMoved?: boolean;
  /** How much it gives to do; `undefined` where that was not measured. */
  readonly load?: number;
}
