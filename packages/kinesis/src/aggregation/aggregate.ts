/**
 * Packs records of one partition key as one Kinesis record. One key only: the service then routes the container by that very key,
 * so that no reshard can misplace a user record, and all of them succeed or fail together, so that their order holds.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { AggregateField, DIGEST_BYTES, digestOf, MAGIC, RecordField } from './format.ts';

const tag = (field: number, wireType: WireType): number => (field << 3) | wireType;

/**
 * Collects user records of one partition key (and explicit hash key) up to a byte limit.
 *
 *     const aggregate = new Aggregator('key', undefined, maxRecordBytes);
 *     if (!aggregate.add(data)) { send(aggregate.toBytes()); … }
 */
export class Aggregator {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly #entries: Uint8Array[] = [];
  readonly #limit: number;
  #byteSize: number;

  /** @param maxRecordBytes the stream's limit for data and key of one Kinesis record */
  constructor(partitionKey: string, explicitHashKey: string | undefined, maxRecordBytes: number) {
    this.partitionKey = partitionKey;
    this.explicitHashKey = explicitHashKey;
    const keyBytes = Buffer.byteLength(partitionKey);
    this.#limit = maxRecordBytes - keyBytes;
    this.#byteSize = MAGIC.length + DIGEST_BYTES + fieldBytes(keyBytes);
    if (explicitHashKey !== undefined) this.#byteSize += fieldBytes(Buffer.byteLength(explicitHashKey));
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Exactly what {@link toBytes} will measure; the partition key outside the container comes on top. */
  get byteSize(): number {
    return this.#byteSize;
  }

  /** Takes a user record; `false`, and nothing taken, where the container would outgrow the limit. */
  add(data: Uint8Array): boolean {
    const byteSize = this.#byteSize + fieldBytes(this.#entryBytes(data.byteLength));
    if (byteSize > this.#limit) return false;
    this.#entries.push(data);
    this.#byteSize = byteSize;
    return true;
  }

  toBytes(): Buffer {
    const writer = new BinaryWriter();
    writer.uint32(tag(AggregateField.partitionKey, WireType.LengthDelimited)).string(this.partitionKey);
    if (this.explicitHashKey !== undefined) {
      writer.uint32(tag(AggregateField.explicitHashKey, WireType.LengthDelimited)).string(this.explicitHashKey);
    }
    for (const data of this.#entries) {
      writer.uint32(tag(AggregateField.record, WireType.LengthDelimited)).fork();
      writer.uint32(tag(RecordField.partitionKeyIndex, WireType.Varint)).uint32(0);
      if (this.explicitHashKey !== undefined) writer.uint32(tag(RecordField.explicitHashKeyIndex, WireType.Varint)).uint32(0);
      writer.uint32(tag(RecordField.data, WireType.LengthDelimited)).bytes(data).join();
    }
    const message = writer.finish();
    return Buffer.concat([MAGIC, message, digestOf(message)]);
  }

  // Two bytes for the index of the key, two for that of the hash key.
  #entryBytes(dataBytes: number): number {
    return (this.explicitHashKey === undefined ? 2 : 4) + fieldBytes(dataBytes);
  }
}

/** Bytes of a length-delimited field with a one-byte tag. */
function fieldBytes(contentBytes: number): number {
  let lengthBytes = 1;
  for (let rest = contentBytes; rest > 0x7f; rest = Math.floor(rest / 128)) lengthBytes++;
  return 1 + lengthBytes + contentBytes;
}
