import { readMessage, toBytes } from './read-message.ts';
import { messageType } from './schema.ts';

/** Puts U+FFFD where bytes are not UTF-8. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const KinesisEgressRecordMessage = messageType('KinesisEgressRecord');

/** The only type of message that a Kinesis egress takes. */
export const KINESIS_EGRESS_RECORD = 'type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord';

/** A record for a stream, as a function asks for it. Nothing in it is checked yet. */
export interface KinesisEgressRecord {
  readonly partitionKey: string;
  readonly value: Uint8Array;
  readonly stream: string;
  /** Empty = none. */
  readonly explicitHashKey: string;
}

interface Fields {
  readonly partition_key?: Uint8Array;
  readonly value_bytes?: Uint8Array;
  readonly stream?: string;
  readonly explicit_hash_key?: string;
}

/** @throws MalformedMessageError */
export function decodeKinesisEgressRecord(bytes: Uint8Array): KinesisEgressRecord {
  const { partition_key, value_bytes, stream, explicit_hash_key } = readMessage<Fields>(
    KinesisEgressRecordMessage,
    bytes,
    'a KinesisEgressRecord',
  );
  return {
    partitionKey: UTF8.decode(toBytes(partition_key)),
    value: toBytes(value_bytes),
    stream: stream ?? '',
    explicitHashKey: explicit_hash_key ?? '',
  };
}
