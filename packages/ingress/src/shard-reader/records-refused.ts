/** Records that cannot be unpacked were left out, as the user wants it. */
export interface RecordsRefused {
  readonly type: 'records.refused';
  readonly records: number;
  readonly action: 'dead_letter' | 'drop';
  /** What is wrong with the first of them. */
  readonly reason: string;
}
