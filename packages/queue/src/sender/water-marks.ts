/** When the readers of a target pause, and when they go on. Whichever of records and bytes comes first. */
export interface WaterMarks {
  readonly highRecords: number;
  readonly lowRecords: number;
  /** As stored in Redis, with a share for each job. */
  readonly highBytes: number;
  readonly lowBytes: number;
}

export interface Backlog {
  readonly records: number;
  readonly bytes: number;
}

/** What waits and is in hand in all lanes of a target. */
export interface Pressure extends Backlog {
  /** True from the high water mark until both have fallen to the low one. */
  readonly isOverHighWater: boolean;
}

/** Whether the target is over its high water mark now, if it was before. */
export function isOverHighWater({ records, bytes }: Backlog, marks: WaterMarks, wasOver: boolean): boolean {
  if (records >= marks.highRecords || bytes >= marks.highBytes) return true;
  return wasOver && (records > marks.lowRecords || bytes > marks.lowBytes);
}
