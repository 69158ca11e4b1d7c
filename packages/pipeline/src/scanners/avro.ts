/** The scanner of Avro's object container files: a document for each object. */
import type avsc from 'avsc';
import { type AvroBlock, type AvroHeader, readContainer } from './avro-container.ts';
import { jsonOfAvro } from './avro-json.ts';
import { SourceMalformedError } from './errors.ts';
import { messageOf, type Scanner } from './scanner.ts';

export interface AvroOptions {
  /** Values of a union stand as they are, in place of an object that names their type. */
  readonly raw_json: boolean;
}

/** A message for each object, in Avro's JSON encoding. A block that cannot be read fails its source; what came before it stands. */
export const avro = ({ raw_json: unwraps }: AvroOptions): Scanner =>
  async function* (bytes, name) {
    const { header, blocks } = await readContainer(bytes);
    const { type, toJson } = await codecOf(header, unwraps, name);
    for await (const block of blocks) for (const value of objectsIn(block, type, name)) yield [messageOf(Buffer.from(toJson(value)))];
  };

interface AvroCodec {
  readonly type: avsc.Type;
  readonly toJson: (value: unknown) => string;
}

async function codecOf({ schema: text }: AvroHeader, unwraps: boolean, name: string): Promise<AvroCodec> {
  // Few need it.
  const { default: library } = await import('avsc');
  try {
    const schema = JSON.parse(text) as avsc.Schema;
    const type = library.Type.forSchema(schema, { registry: { long: exactLong(library) }, wrapUnions: true, omitRecordMethods: true });
    return { type, toJson: jsonOfAvro(schema, unwraps) };
  } catch (error) {
    throw new SourceMalformedError(`expected an Avro schema in ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function* objectsIn({ count, data }: AvroBlock, type: avsc.Type, name: string): Iterable<unknown> {
  let at = 0;
  for (let index = 0; index < count; index++) {
    const { value, offset } = decode(data, at, type, name);
    if (offset < 0) throw new SourceMalformedError(`expected ${count} objects in a block of ${name}, found ${index}`);
    yield value;
    at = offset;
  }
}

function decode(data: Buffer, at: number, type: avsc.Type, name: string): { value: unknown; offset: number } {
  try {
    return type.decode(data, at);
  } catch (error) {
    throw new SourceMalformedError(`expected an object of the Avro schema in ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Longs as bigints: a number may not hold them exactly. */
const exactLong = ({ types }: typeof avsc): avsc.Type =>
  types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
  });
