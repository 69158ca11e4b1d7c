/** Turns a batch of records into what PutRecords takes: keys evaluated over the batch, and each record checked by itself. */
import type { SluiceError } from '@sluice/core';
import { checkRecord, kinesisMetadata, recordByteSize } from '@sluice/kinesis';
import { KeyInterpolationError } from '../errors.ts';
import type { RecordInHand } from './record-in-hand.ts';

/** What an interpolation sees of a record. */
export interface Message {
  readonly content: Uint8Array;
  readonly metadata: Record<string, unknown>;
}

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
  const messages = typeof rules.partitionKey === 'string' && typeof rules.hashKey === 'string' ? [] : batch.map(toMessage);
  return batch.filter((item, index) => {
    const problem = setKeys(item, rules, messages, index) ?? checkRecord(item, rules.maxRecordBytes);
    if (problem) reject(item, problem);
    return !problem;
  });
}

function setKeys(item: RecordInHand, rules: KeyRules, messages: readonly Message[], index: number): SluiceError | undefined {
  let field: 'partition key' | 'hash key' = 'partition key';
  try {
    item.partitionKey = rules.partitionKey === 'record' ? item.record.partitionKey : rules.partitionKey(messages, index);
    field = 'hash key';
    item.explicitHashKey = hashKeyOf(item, rules, messages, index) || undefined;
  } catch (error) {
    return new KeyInterpolationError(field, error);
  }
  item.byteSize = recordByteSize(item);
  return undefined;
}

function hashKeyOf(item: RecordInHand, { hashKey }: KeyRules, messages: readonly Message[], index: number): string | undefined {
  if (hashKey === 'none') return undefined;
  return hashKey === 'record' ? item.record.explicitHashKey : hashKey(messages, index);
}

const toMessage = ({ record }: RecordInHand): Message => new RecordMessage(record);

/** Most keys are made from the content alone, so the metadata is put together only where it is looked at. */
class RecordMessage implements Message {
  readonly #record: RecordInHand['record'];
  #metadata: Record<string, unknown> | undefined;

  constructor(record: RecordInHand['record']) {
    this.#record = record;
  }

  get content(): Uint8Array {
    return this.#record.data;
  }

  get metadata(): Record<string, unknown> {
    this.#metadata ??= { ...kinesisMetadata(this.#record), ...this.#record.metadata };
    return this.#metadata;
  }
}
