/** The scanner of Avro's object container files: a document for each object. */
import { type AvroCodec, openAvro } from '@sluice/codecs';
import { type AvroBlock, type AvroHeader, readContainer } from './avro-container.ts';
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
    const codec = await codecOf(header, unwraps, name);
    for await (const block of blocks)
      for (const value of objectsIn(block, codec, name)) yield [messageOf(Buffer.from(codec.toJson(value)))];
  };

async function codecOf({ schema }: AvroHeader, unwraps: boolean, name: string): Promise<AvroCodec> {
  try {
    return await openAvro([schema], { unwraps });
  } catch (error) {
    throw new SourceMalformedError(`${(error as Error).message}, in ${name}`, { cause: error });
  }
}

function* objectsIn({ count, data }: AvroBlock, codec: AvroCodec, name: string): Iterable<unknown> {
  let at = 0;
  for (let index = 0; index < count; index++) {
    const { value, offset } = decode(data, at, codec, name);
    if (offset < 0) throw new SourceMalformedError(`expected ${count} objects in a block of ${name}, found ${index}`);
    yield value;
    at = offset;
  }
}

function decode(data: Buffer, at: number, codec: AvroCodec, name: string): ReturnType<AvroCodec['decodeAt']> {
  try {
    return codec.decodeAt(data, at);
  } catch (error) {
    throw new SourceMalformedError(`${(error as Error).message}, in ${name}`, { cause: error });
  }
}
