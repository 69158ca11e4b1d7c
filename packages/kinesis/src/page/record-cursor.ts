import type { RecordRows } from '@sluice/core';

/** Takes the records of a page in parts. */
export interface RecordCursor {
  /** Whether everything was taken. */
  readonly isDone: boolean;
  /**
   * The next records: as many as the limits allow, at least one unless all were taken.
   * @param maxBytes of their data
   */
  take(maxRecords?: number, maxBytes?: number): RecordRows;
}
