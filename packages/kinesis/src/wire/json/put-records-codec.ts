import type { PutRecordsOutput } from '../../ports.ts';
import type { OutgoingRecord } from '../../record-check.ts';
import { toPutOutput, toPutResult, type WireResult } from '../put-results.ts';
import { streamMember } from '../stream-member.ts';

const DATA = '{"Data":"';

/**
 * The JSON body of a PutRecords request, written around the base64 text of each record straight into one buffer: half of the
 * CPU time that joining strings takes, and no copy of the body as text.
 */
export function encodePutRecords(stream: string, records: readonly OutgoingRecord[]): Buffer {
  const head = `${JSON.stringify(streamMember(stream)).slice(0, -1)},"Records":[`;
  const tails = records.map(tailOf);
  let size = Buffer.byteLength(head) + 2;
  for (let index = 0; index < records.length; index++) {
    size += DATA.length + base64Length(records[index]!.data.byteLength) + Buffer.byteLength(tails[index]!);
  }
  const body = Buffer.allocUnsafe(size);
  let at = body.write(head);
  for (let index = 0; index < records.length; index++) {
    const { data } = records[index]!;
    at += body.write(DATA, at, 'latin1');
    at += body.write(bufferOf(data).toString('base64'), at, 'latin1');
    at += body.write(tails[index]!, at);
  }
  // The last tail ends in a comma, which the closing bracket overwrites.
  at -= records.length > 0 ? 1 : 0;
  at += body.write(']}', at, 'latin1');
  return body.subarray(0, at);
}

/** What follows a record's data, up to the next record. */
function tailOf({ partitionKey, explicitHashKey }: OutgoingRecord): string {
  const hashKey = explicitHashKey === undefined ? '' : `,"ExplicitHashKey":${JSON.stringify(explicitHashKey)}`;
  return `","PartitionKey":${JSON.stringify(partitionKey)}${hashKey}},`;
}

const base64Length = (byteLength: number): number => Math.ceil(byteLength / 3) * 4;

const bufferOf = (data: Uint8Array): Buffer => (Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength));

/**
 * The outcome of each record of a PutRecords reply.
 * @throws {Error} the reply does not hold one result for each of the `count` records of the request
 */
export function decodePutRecords(body: Uint8Array, count: number): PutRecordsOutput {
  const { Records } = JSON.parse(bufferOf(body).toString()) as { readonly Records?: readonly WireResult[] };
  return toPutOutput(Records?.map(toPutResult), count);
}
