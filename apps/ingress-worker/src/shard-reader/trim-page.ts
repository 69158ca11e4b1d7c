import type { SluiceRecord } from '@sluice/core';
import { comparePositions, type GetRecordsOutput } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';

/** The page without the records up to the checkpoint: one that stands inside an aggregate makes Kinesis send the whole aggregate again. */
export function trimPage(page: GetRecordsOutput, checkpoint: Checkpoint): GetRecordsOutput {
  if (checkpoint.kind !== 'AFTER') return page;
  const isNew = ({ origin }: SluiceRecord) => comparePositions(origin!, checkpoint.position) > 0;
  const first = page.records[0];
  return first === undefined || isNew(first) ? page : { ...page, records: page.records.filter(isNew) };
}

/** The checkpoint once the whole page is in the queue. */
export function checkpointAfter({ records }: GetRecordsOutput, before: Checkpoint): Checkpoint {
  const last = records.at(-1)?.origin;
  if (!last) return before;
  const { sequenceNumber, subSequenceNumber } = last;
  return { kind: 'AFTER', position: { sequenceNumber, subSequenceNumber } };
}
