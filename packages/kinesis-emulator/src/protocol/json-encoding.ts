/** The bodies of records by hand: an object for each record, and a walk over them, would cost more than all the rest of a call. */

import { ServiceError, serialization } from '../service-error.ts';
import type { Encoding, PutOutcome } from './encoding.ts';
import { asObject } from './input.ts';
import type { RecordsReply } from './records-reply.ts';

/** Keys that JSON shows as they are, within quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function decode(body: Buffer) {
  try {
    return asObject(JSON.parse(body.toString()));
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    throw serialization('The body is not JSON.');
  }
}

function putRecordsReply(outcomes: readonly PutOutcome[], failed: number): string {
  let results = '';
  for (const { shard, ordinal, failure } of outcomes) {
    if (results !== '') results += ',';
    results += failure
      ? JSON.stringify({ ErrorCode: failure.code, ErrorMessage: failure.message })
      : `{"SequenceNumber":"${shard.numbers.format(ordinal!)}","ShardId":"${shard.id}"}`;
  }
  return `{"EncryptionType":"NONE","FailedRecordCount":${failed},"Records":[${results}]}`;
}

function recordsReply({ page, numbers, rest }: RecordsReply): string {
  let records = '';
  for (const { segment, from, to } of page.runs) {
    for (let index = from; index < to; index++) {
      const data = segment.data.toString('base64', segment.startOf(index), segment.ends[index]);
      if (records !== '') records += ',';
      records += `{"SequenceNumber":"${numbers.format(segment.ordinals[index]!)}","ApproximateArrivalTimestamp":${segment.arrivalsMs[index]! / 1000},"Data":"${data}","PartitionKey":${quoted(segment.partitionKeys[index]!)},"EncryptionType":"NONE"}`;
    }
  }
  return `${JSON.stringify(rest).slice(0, -1)},"Records":[${records}]}`;
}

/** AWS JSON 1.1: data in base64, times in seconds. */
export const jsonEncoding: Encoding = {
  contentType: 'application/x-amz-json-1.1',
  namesErrorsInHeader: false,
  decode,
  encode: (value) => JSON.stringify(value),
  putRecordsReply,
  recordsReply,
};
