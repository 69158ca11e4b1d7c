import type { RecordPage } from '../store/record-log.ts';
import type { SequenceNumbers } from '../store/sequence-numbers.ts';
import type { Shard } from '../store/shard.ts';
import { childShardShape } from './shard-shape.ts';

export interface GetRecordsReply {
  readonly page: RecordPage;
  readonly numbers: SequenceNumbers;
  /** `undefined` at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly millisBehindLatest: number;
  readonly children: readonly Shard[];
}

/** Keys that JSON shows as they are, within quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** The body by hand: an object for each record, and a walk over them, would cost more than all the rest of the call. */
export function writeGetRecordsReply({ page, numbers, nextIterator, millisBehindLatest, children }: GetRecordsReply): string {
  let records = '';
  for (const { segment, from, to } of page.runs) {
    for (let index = from; index < to; index++) {
      const data = segment.data.toString('base64', segment.startOf(index), segment.ends[index]);
      if (records !== '') records += ',';
      records += `{"SequenceNumber":"${numbers.format(segment.ordinals[index]!)}","ApproximateArrivalTimestamp":${segment.arrivalsMs[index]! / 1000},"Data":"${data}","PartitionKey":${quoted(segment.partitionKeys[index]!)},"EncryptionType":"NONE"}`;
    }
  }
  const next = nextIterator === undefined ? '' : `"NextShardIterator":"${nextIterator}",`;
  const childShards = children.length === 0 ? '' : `"ChildShards":${JSON.stringify(children.map(childShardShape))},`;
  return `{${next}${childShards}"MillisBehindLatest":${millisBehindLatest},"Records":[${records}]}`;
}
