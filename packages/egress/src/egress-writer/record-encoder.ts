/** Turns a batch of records into what PutRecords takes: sets the keys of each record, evaluated over the batch, and checks it. */
import type { SluiceError } from '@sluice/core';
import { checkRecord, decimalHashKey, RecordTooLargeError, recordByteSize } from '@sluice/kinesis';
import { KeyInterpolationError } from '../errors.ts';
import type { Message, RecordInHand } from './record-in-hand.ts';
import type { RecordLimit } from './record-limit.ts';

/** Evaluates a key for one record of a batch. May throw; then that record is rejected. */
export type KeyTemplate = (batch: readonly Message[], index: number) => string;

export interface KeyRules {
  /** `record`: the record's own key. */
  readonly partitionKey: KeyTemplate | 'record';
  /** A template that yields an empty string sets no hash key. */
  readonly hashKey: KeyTemplate | 'record' | 'none';
}

export interface EncodingRules extends KeyRules {
  readonly limit: Pick<RecordLimit, 'bytes' | 'isInDoubt'>;
}

/** Answers the records of a batch that can be sent. The others are rejected. */
export const encodeBatch = (batch: readonly RecordInHand[], rules: EncodingRules): RecordInHand[] =>
  batch.filter((record, index) => encode(record, batch, index, rules));

/** The same for records that are each a batch by themselves. */
export function encodeSingles(records: readonly RecordInHand[], rules: EncodingRules): RecordInHand[] {
  /** Of one record, used again for the next. */
  const batch: RecordInHand[] = [];
  return records.filter((record) => {
    batch[0] = record;
    return encode(record, batch, 0, rules);
  });
}

function encode(record: RecordInHand, batch: readonly RecordInHand[], index: number, rules: EncodingRules): boolean {
  const problem = setKeys(record, batch, index, rules) ?? checkRecord(record, rules.limit.bytes);
  if (problem instanceof RecordTooLargeError && rules.limit.isInDoubt(record.byteSize)) {
    // Its request waits for another look at the limit. Alone, so that only its own key waits with it.
    record.maxTogether = 1;
    return true;
  }
  if (problem) record.settle(problem);
  return !problem;
}

function setKeys(record: RecordInHand, batch: readonly RecordInHand[], index: number, rules: KeyRules): SluiceError | undefined {
  let field: 'partition key' | 'hash key' = 'partition key';
  try {
    record.partitionKey = rules.partitionKey === 'record' ? record.record.partitionKey : rules.partitionKey(batch, index);
    field = 'hash key';
    record.explicitHashKey = hashKeyOf(record, batch, index, rules) || undefined;
  } catch (error) {
    return new KeyInterpolationError(field, error);
  }
  record.byteSize = recordByteSize(record);
  return undefined;
}

function hashKeyOf(record: RecordInHand, batch: readonly RecordInHand[], index: number, { hashKey }: KeyRules): string | undefined {
  if (hashKey === 'none') return undefined;
  if (hashKey !== 'record') return hashKey(batch, index);
  const { explicitHashKey } = record.record;
  return explicitHashKey && decimalHashKey(explicitHashKey);
}
