/** Dead letters as records of a Kinesis stream: the line is the data, the partition key that of the record, or the letter's id. */
import { inParts, type PartLimits } from '@sluice/core';
import type { AwsClientSettings } from '@sluice/credentials';
import { checkRecord, createKinesisClient, MAX_RECORDS_PER_PUT, type OutgoingRecord, type PutResult } from '@sluice/kinesis';
import { DeadLetterOutputError, DeadLetterTooLargeError } from '../errors.ts';
import type { DeadLetterOutput, OutgoingLetter } from './dead-letter-output.ts';

/** Of a request; the bytes are those of the lines, which with their keys stay below what the service takes. */
const LIMITS: PartLimits<OutgoingLetter> = {
  maxItems: MAX_RECORDS_PER_PUT,
  maxBytes: 8 * 1024 * 1024,
  sizeOf: ({ line }) => Buffer.byteLength(line),
};

/** Rejects with a `SluiceError` where the stream cannot be found. */
export async function openStreamOutput(stream: string, settings: AwsClientSettings, signal: AbortSignal): Promise<DeadLetterOutput> {
  const client = createKinesisClient(settings);
  const name = `stream ${stream}`;
  const { maxRecordBytes } = await client.describeStream(stream, signal).catch((error: unknown) => {
    client[Symbol.dispose]();
    throw error;
  });

  async function send(part: readonly OutgoingLetter[], callSignal: AbortSignal): Promise<readonly (Error | undefined)[]> {
    const records = part.map(toRecord);
    const isSmall = records.map((record) => checkRecord(record, maxRecordBytes) === undefined);
    const small = records.filter((_, index) => isSmall[index]);
    const { results } = small.length === 0 ? { results: [] } : await client.putRecords({ stream, records: small }, callSignal);
    const outcomes = results.values();
    return records.map(({ data }, index) =>
      isSmall[index] ? outcomeOf(name, outcomes.next().value!) : new DeadLetterTooLargeError(name, data.byteLength, maxRecordBytes),
    );
  }

  return {
    name,
    put: (letters, callSignal) => inParts(letters, LIMITS, (part) => send(part, callSignal)),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

/** A key that no stream takes may be the very reason why the record is dead. */
function toRecord({ letter, line }: OutgoingLetter): OutgoingRecord {
  const data = Buffer.from(line);
  const own = { partitionKey: letter.partitionKey, data: Buffer.alloc(0) };
  return { partitionKey: checkRecord(own, Number.POSITIVE_INFINITY) ? letter.id : letter.partitionKey, data };
}

const outcomeOf = (name: string, result: PutResult): Error | undefined =>
  'errorCode' in result ? new DeadLetterOutputError(name, new Error(`${result.errorCode}: ${result.errorMessage}`)) : undefined;
