import type { RecordPage } from '../store/record-log.ts';
import type { SequenceNumbers } from '../store/sequence-numbers.ts';
import type { Shard } from '../store/shard.ts';

export interface GetRecordsReply {
  readonly page: RecordPage;
  readonly numbers: SequenceNumbers;
  /** `undefined` at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly millisBehindLatest: number;
  readonly children: readonly Shard[];
}
