/**
 * Records are written from a template, a record encoded once with all that it shares with the others of its shard: then only
 * the digits of its ordinal, its time, data and key are left to write.
 */
import { ORDINAL_DIGITS, type SequenceNumbers } from '../../store/sequence-numbers.ts';
import type { Shard } from '../../store/shard.ts';
import type { Encoding, PutOutcome, ReplyBody } from '../encoding.ts';
import { asObject } from '../input.ts';
import type { RecordsReply } from '../records-reply.ts';
import { CborWriter } from './cbor-writer.ts';
import { decodeCbor } from './decode-cbor.ts';
import { MAJOR } from './major-types.ts';

const BYTES_OF_PUT_RESULT = 110;
const BYTES_BESIDE_DATA = 200;
const MILLISECONDS = 2 ** 32; // any time that takes the longest form

interface Template {
  readonly encoded: Buffer;
  readonly ordinalAt: number;
}

function templateOf(numbers: SequenceNumbers, write: (writer: CborWriter, sequenceNumber: string) => void): Template {
  const writer = new CborWriter();
  const sequenceNumber = numbers.format(0);
  write(writer, sequenceNumber);
  const encoded = Buffer.from(writer.bytes);
  return { encoded, ordinalAt: encoded.indexOf(sequenceNumber) + sequenceNumber.length - ORDINAL_DIGITS };
}

const putTemplate = (shard: Shard): Template =>
  templateOf(shard.numbers, (writer, number) => writer.value({ ShardId: shard.id, SequenceNumber: number }));

function putRecordsReply(outcomes: readonly PutOutcome[], failed: number): ReplyBody {
  const templates = new Map<Shard, Template>();
  const writer = new CborWriter(100 + outcomes.length * BYTES_OF_PUT_RESULT);
  writer.head(MAJOR.map, 3);
  writer.text('EncryptionType');
  writer.text('NONE');
  writer.text('FailedRecordCount');
  writer.number(failed);
  writer.text('Records');
  writer.head(MAJOR.array, outcomes.length);
  for (const { shard, ordinal, failure } of outcomes) {
    if (failure) {
      writer.value({ ErrorCode: failure.code, ErrorMessage: failure.message });
      continue;
    }
    let template = templates.get(shard);
    if (!template) {
      template = putTemplate(shard);
      templates.set(shard, template);
    }
    writer.digits(writer.raw(template.encoded) + template.ordinalAt, ordinal!, ORDINAL_DIGITS);
  }
  return writer.bytes;
}

/** All of a record but its data and key; ends with the time's eight bytes and the name of what follows. */
const recordTemplate = (numbers: SequenceNumbers): Template =>
  templateOf(numbers, (writer, number) => {
    writer.head(MAJOR.map, 5);
    writer.text('SequenceNumber');
    writer.text(number);
    writer.text('EncryptionType');
    writer.text('NONE');
    writer.text('ApproximateArrivalTimestamp');
    writer.timestamp(MILLISECONDS);
    writer.text('Data');
  });

const DATA_NAME_BYTES = 1 + 'Data'.length;
const PARTITION_KEY_NAME = templateText('PartitionKey');

function templateText(text: string): Buffer {
  const writer = new CborWriter();
  writer.text(text);
  return Buffer.from(writer.bytes);
}

function writeRecords(writer: CborWriter, { page, numbers }: RecordsReply): void {
  const { encoded, ordinalAt } = recordTemplate(numbers);
  const timeAt = encoded.length - DATA_NAME_BYTES - 8;
  writer.head(MAJOR.array, page.count);
  for (const { segment, from, to } of page.runs) {
    for (let index = from; index < to; index++) {
      const start = writer.raw(encoded);
      writer.digits(start + ordinalAt, segment.ordinals[index]!, ORDINAL_DIGITS);
      writer.uint64(start + timeAt, segment.arrivalsMs[index]!);
      writer.byteString(segment.data, segment.startOf(index), segment.ends[index]!);
      writer.raw(PARTITION_KEY_NAME);
      writer.text(segment.partitionKeys[index]!);
    }
  }
}

function recordsReply(reply: RecordsReply): ReplyBody {
  const { page, rest } = reply;
  const writer = new CborWriter(1_024 + page.bytes + page.count * BYTES_BESIDE_DATA);
  const present = Object.entries(rest).filter(([, value]) => value !== undefined);
  writer.head(MAJOR.map, present.length + 1);
  for (const [name, value] of present) {
    writer.text(name);
    writer.value(value);
  }
  writer.text('Records');
  writeRecords(writer, reply);
  return writer.bytes;
}

function encode(value: unknown): Buffer {
  const writer = new CborWriter();
  writer.value(value);
  return writer.bytes;
}

/** `application/x-amz-cbor-1.1`, the default of the SDK for Java: data as bytes, times in whole milliseconds. */
export const cborEncoding: Encoding = {
  contentType: 'application/x-amz-cbor-1.1',
  namesErrorsInHeader: true,
  decode: (body) => asObject(decodeCbor(body)),
  encode,
  putRecordsReply,
  recordsReply,
};
