/** Turns a batch of records into what PutRecords takes: keys evaluated over the batch, and each record checked by itself. */
import type { SluiceError } from '@sluice/core';
import { checkRecord, recordByteSize } from '@sluice/kinesis';
import { KeyInterpolationError } from '../errors.ts';
import type { Message, RecordInHand } from './record-in-hand.ts';

/** Evaluates a key for one record of a batch. May throw; then that record is rejected. */
export type KeyTemplate = (batch: readonly Message[], index: number) => string;

export interface KeyRules {
  /** `record`: the record's own key. */
  readonly partitionKey: KeyTemplate | 'record';
  /** A template that yields an empty string sets no hash key. */
  readonly hashKey: KeyTemplate | 'record' | 'none';
  /** Largest record of the stream: data and key. */
  readonly maxRecordBytes: number;
}

/** Sets the keys of a batch. Rejected records are told to `reject` and left out of the answer; their neighbours stay. */
export function encodeBatch(
  batch: readonly RecordInHand[],
  rules: KeyRules,
  reject: (record: RecordInHand, reason: SluiceError) => void,
): RecordInHand[] {
  return batch.filter((item, index) => {
    const problem = setKeys(batch, index, rules) ?? checkRecord(item, rules.maxRecordBytes);
    if (problem) reject(item, problem);
    return !problem;
  });
}

function setKeys(batch: readonly RecordInHand[], index: number, rules: KeyRules): SluiceError | undefined {
  const item = batch[index]!;
  let field: 'partition key' | 'hash key' = 'partition key';
  try {
    item.partitionKey = rules.partitionKey === 'record' ? item.record.partitionKey : rules.partitionKey(batch, index);
    field = 'hash key';
    item.explicitHashKey = hashKeyOf(batch, index, rules) || undefined;
  } catch (error) {
    return new KeyInterpolationError(field, error);
  }
  item.byteSize = recordByteSize(item);
  return undefined;
}

function hashKeyOf(batch: readonly RecordInHand[], index: number, { hashKey }: KeyRules): string | undefined {
  if (hashKey === 'none') return undefined;
  return hashKey === 'record' ? batch[index]!.record.explicitHashKey : hashKey(batch, index);
}
