import { openDocument } from '@sluice/bloblang';
import { type AvroCodec, openAvro, readAvroSchemas } from '@sluice/codecs';
import { asBuffer, BloblangError } from '@sluice/values';
import { withinStack } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, ContentError, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';
import { schemaText } from './schema-source.ts';

interface AvroOptions {
  readonly operator: 'to_json' | 'from_json';
  readonly encoding: Encoding;
}

type Encoding = 'textual' | 'binary' | 'single';

/** `avro`: documents of Avro bytes, or the other way round, by one schema. A message that does not fit it is flagged and stays as it is. */
export function avro(settings: ProcessorSettings): Processor {
  const { operator, encoding } = settings.options as unknown as AvroOptions;
  const schema = checkedSchema(settings);
  const [what, convert] =
    operator === 'to_json'
      ? ['failed to convert Avro document to JSON', DECODERS[encoding]]
      : ['failed to convert JSON to Avro schema', ENCODERS[encoding]];
  let opening: Promise<AvroCodec | Error> | undefined;
  return async (batch) => {
    opening ??= openAvro([schema], { unwraps: false }).catch(asFailure);
    const codec = await opening;
    return [
      batch.map((item) => {
        if (codec instanceof Error) return flagged(item, codec, settings);
        const content = attemptTo(what, () => withinStack(() => convert(codec, asBuffer(item.message.content))));
        return isFailure(content) ? flagged(item, content, settings) : { ...item, message: { ...item.message, content } };
      }),
    ];
  };
}

/** The library may refuse more than a start does. */
function asFailure(error: unknown): Error {
  if (isFailure(error)) return error;
  throw error;
}

function checkedSchema(settings: ProcessorSettings): string {
  const { position, path } = settings;
  const text = schemaText(settings, 'Avro');
  if (text === '') {
    throw new ProcessorConfigError(position, path, 'a schema must be specified with either the `schema` or `schema_path` fields');
  }
  const problem = attempt(() => readAvroSchemas([text]));
  if (problem instanceof BloblangError)
    throw new ProcessorConfigError(position, path, `failed to parse schema: ${problem.message}`, problem);
  return text;
}

type Convert = (codec: AvroCodec, content: Buffer) => Buffer;

const textOf = (codec: AvroCodec, value: unknown): Buffer => Buffer.from(codec.toJson(value));

const readValue = (codec: AvroCodec, content: Buffer): unknown => codec.fromJson(openDocument(content).value());

const textual: Convert = (codec, content) => textOf(codec, readValue(codec, content));

const DECODERS: Readonly<Record<Encoding, Convert>> = {
  textual,
  binary: (codec, content) => textOf(codec, codec.decode(content)),
  single: (codec, content) => {
    const header = singleHeader(codec);
    if (content.subarray(0, header.length).equals(header)) return textOf(codec, codec.decode(content.subarray(header.length)));
    throw new ContentError('expected the marker C3 01 and the fingerprint of the schema, found other bytes');
  },
};

const ENCODERS: Readonly<Record<Encoding, Convert>> = {
  textual,
  binary: (codec, content) => codec.encode(readValue(codec, content)),
  single: (codec, content) => Buffer.concat([singleHeader(codec), codec.encode(readValue(codec, content))]),
};

/** Of the single-object encoding. */
const singleHeader = ({ fingerprint }: AvroCodec): Buffer => Buffer.concat([Buffer.from([0xc3, 0x01]), fingerprint]);
