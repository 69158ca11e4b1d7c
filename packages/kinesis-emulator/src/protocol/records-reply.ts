import type { RecordPage } from '../store/record-log.ts';
import type { SequenceNumbers } from '../store/sequence-numbers.ts';
import type { JsonObject } from './input.ts';

/** Records of one shard, and what an answer says beside them. */
export interface RecordsReply {
  readonly page: Pick<RecordPage, 'runs' | 'count' | 'bytes'>;
  readonly numbers: SequenceNumbers;
  /** Every other member; those that are `undefined` are left out. */
  readonly rest: JsonObject;
}
