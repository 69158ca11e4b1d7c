import { openDocument } from '@sluice/bloblang';
import { compileJsonSchema } from '@sluice/bloblang-library';
import { openAvro, openProtobuf, type ProtobufCodec, type ProtobufMessage } from '@sluice/codecs';
import { asBuffer } from '@sluice/values';
import { withinStack } from './document.ts';
import { ContentError, flagged, isFailure } from './failure.ts';
import type { ProcessedMessage, Processor, ProcessorSettings, Run } from './processor.ts';
import type { ReferredSchema, RegisteredSchema } from './registered-schema.ts';

/** Where messages say which schema they have, and where it is had. */
export interface SchemaRules<Id> {
  /** Takes the header off. @throws {ContentError | BloblangError} there is none */
  read(bytes: Buffer): { readonly id: Id; readonly data: Buffer };
  /** @throws {ContentError} there is no such schema, or it cannot be had just now */
  schemaOf(id: Id, signal: AbortSignal): Promise<RegisteredSchema>;
  /** Whether values of Avro unions stand without the name of their type. */
  readonly unwraps: boolean;
  /** Reads which message of a file of Protobuf the data are. */
  typeReader(types: ProtobufCodec, file: string): TypeReader;
}

/** Takes the type of a message from the front of the data. @throws {ContentError | BloblangError} there is none */
type TypeReader = (data: Buffer) => { readonly type: ProtobufMessage; readonly rest: Buffer };

/** What makes a message's content of the bytes behind the header. Throws what flags the message. */
type Decode = (data: Buffer) => Uint8Array;

/** Ids of a registry are few; a sender of nonsense must not fill the memory. */
const MOST_KEPT = 1_000;

/**
 * Documents of messages that begin with the id of their schema. Schemas are kept: an id stands for one schema for ever. A message whose
 * schema cannot be had or read, or that does not fit it, is flagged and stays as it is.
 */
export function decodeBySchema<Id>(settings: ProcessorSettings, rules: SchemaRules<Id>): Processor {
  const kept = new Map<Id, Decode>();

  /** An id whose schema cannot be had is asked for once in a batch: attempts take seconds. */
  async function decoderOf(id: Id, missing: Map<Id, Error>, signal: AbortSignal): Promise<Decode> {
    const problem = missing.get(id);
    if (problem) throw problem;
    try {
      return keep(id, kept.get(id) ?? (await decoderFor(await rules.schemaOf(id, signal), rules)));
    } catch (error) {
      if (isFailure(error)) missing.set(id, error);
      throw error;
    }
  }

  function keep(id: Id, decode: Decode): Decode {
    kept.delete(id);
    kept.set(id, decode);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return decode;
  }

  async function decodeOne(item: ProcessedMessage, missing: Map<Id, Error>, { signal }: Run): Promise<ProcessedMessage> {
    try {
      const { id, data } = rules.read(asBuffer(item.message.content));
      const decode = await decoderOf(id, missing, signal);
      const content = withinStack(() => decode(data));
      return { ...item, message: { ...item.message, content } };
    } catch (error) {
      if (isFailure(error)) return flagged(item, error, settings);
      throw error;
    }
  }

  return async (batch, run) => {
    const results: ProcessedMessage[] = [];
    const missing = new Map<Id, Error>();
    // In turn, so that a schema is asked for once.
    for (const item of batch) results.push(await decodeOne(item, missing, run));
    return [results];
  };
}

type Compiling = Pick<SchemaRules<unknown>, 'unwraps' | 'typeReader'>;

/** A schema that cannot be read fails each of its messages, without being asked for again. */
async function decoderFor(schema: RegisteredSchema, rules: Compiling): Promise<Decode> {
  try {
    return await compile(schema, rules);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return () => {
      throw error;
    };
  }
}

async function compile({ type, text, references }: RegisteredSchema, { unwraps, typeReader }: Compiling): Promise<Decode> {
  switch (type) {
    case 'AVRO': {
      const codec = await openAvro([...references.map((schema) => schema.text), text], { unwraps });
      return (data) => Buffer.from(codec.toJson(codec.decode(data)));
    }
    case 'JSON': {
      const check = compileJsonSchema(text);
      return (data) => {
        check(openDocument(data).value());
        return Uint8Array.from(data);
      };
    }
    case 'PROTOBUF':
      return compileProtobuf(text, references, typeReader);
    default:
      throw new ContentError(`schema type ${type} not supported`);
  }
}

/** Of the schema itself, which has none; no file is imported by such a name. */
const OWN_NAME = 'the schema';

async function compileProtobuf(text: string, references: readonly ReferredSchema[], typeReader: Compiling['typeReader']): Promise<Decode> {
  const codec = await openProtobuf(new Map([...references, { name: OWN_NAME, text }].map((file) => [file.name, file.text])));
  const readType = typeReader(codec, OWN_NAME);
  return (data) => {
    const { type, rest } = readType(data);
    return Buffer.from(type.toJson(rest));
  };
}
