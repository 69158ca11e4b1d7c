import type { AttributeValue, _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import { NO_METADATA, type SluiceRecord } from '@sluice/core';

export interface RecordPlace {
  /** ARN of the stream. */
  readonly stream: string;
  readonly shardId: string;
  /** The attribute that is the table's partition key. */
  readonly hashKey: string;
}

/**
 * A change of an item as a record: its data are the JSON document that Lambda is given for it, so that what reads one reads the other; its
 * partition key is that of the item, as text.
 */
export function toRecord(change: StreamRecord, { stream, shardId, hashKey }: RecordPlace): SluiceRecord {
  const { SequenceNumber: sequenceNumber = '', ApproximateCreationDateTime: createdAt, Keys: keys } = change.dynamodb ?? {};
  return {
    partitionKey: keyText(keys?.[hashKey]),
    data: Buffer.from(toDocument(change, stream)),
    metadata: NO_METADATA,
    origin: { stream, shardId, sequenceNumber, subSequenceNumber: 0, arrivalTimeMs: createdAt?.getTime() ?? 0 },
  };
}

function keyText(value: AttributeValue | undefined): string {
  if (value?.B) return Buffer.from(value.B).toString('base64');
  return value?.S ?? value?.N ?? '';
}

/** As Lambda writes it: binary values in base64, times in seconds. */
const toDocument = (change: StreamRecord, eventSourceARN: string): string =>
  JSON.stringify({ ...change, eventSourceARN }, function (this: Record<string, unknown>, name, value: unknown) {
    // A Buffer has become another object before it comes here.
    const own = this[name];
    if (own instanceof Uint8Array) return Buffer.from(own).toString('base64');
    return own instanceof Date ? own.getTime() / 1_000 : value;
  });
