import { recordFootprint, type SluiceRecord } from '@sluice/core';
import type { Load } from './send-buffer.ts';

/** What a job of a lane holds at most. */
export const JOB: Load = { records: 500, bytes: 1024 ** 2 };

export interface PackedRecords {
  readonly records: readonly SluiceRecord[];
  readonly bytes: number;
}

/** The records of a call in parts that a job can hold; one that is larger is a part of its own. */
export function packRecords(records: readonly SluiceRecord[]): PackedRecords[] {
  const parts: { records: SluiceRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = recordFootprint(record);
    const last = parts.at(-1);
    if (last && last.records.length < JOB.records && last.bytes + bytes <= JOB.bytes) {
      last.records.push(record);
      last.bytes += bytes;
    } else parts.push({ records: [record], bytes });
  }
  return parts;
}
