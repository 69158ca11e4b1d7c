import type { SluiceRecord } from '@sluice/core';
import { comparePositions, compareSequenceNumbers, type GetRecordsOutput } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';

/** The page without the records up to the checkpoint: reading begins with the checkpoint's own record, and with the whole aggregate in which it stands. */
export function trimPage(page: GetRecordsOutput, checkpoint: Checkpoint): GetRecordsOutput {
  if (checkpoint.kind !== 'AFTER') return page;
  const isNew = ({ origin }: SluiceRecord) => comparePositions(origin!, checkpoint.position) > 0;
  const first = page.records[0];
  return first === undefined || isNew(first) ? page : { ...page, records: page.records.filter(isNew) };
}

/**
 * Whether the first page behind a checkpoint begins beyond the checkpoint's own record. Then that record has left the stream, and others
 * behind it may have as well.
 */
export function beginsBeyond({ records }: GetRecordsOutput, checkpoint: Checkpoint): boolean {
  const first = records[0]?.origin;
  if (!first || checkpoint.kind !== 'AFTER') return false;
  return compareSequenceNumbers(first.sequenceNumber, checkpoint.position.sequenceNumber) > 0;
}

/** The checkpoint once the whole page is in the queue. */
export function checkpointAfter({ records }: GetRecordsOutput, before: Checkpoint): Checkpoint {
  const last = records.at(-1)?.origin;
  if (!last) return before;
  const { sequenceNumber, subSequenceNumber } = last;
  return { kind: 'AFTER', position: { sequenceNumber, subSequenceNumber } };
}
