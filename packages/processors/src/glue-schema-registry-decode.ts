import { decompressorOf } from '@sluice/codecs';
import type { AwsSettings } from '@sluice/credentials';
import { asBuffer } from '@sluice/values';
import { ProcessorConfigError } from './errors.ts';
import { ContentError } from './failure.ts';
import { readMessageName } from './message-indexes.ts';
import type { CompileContext, Processor, ProcessorSettings } from './processor.ts';
import { decodeBySchema } from './schema-decoding.ts';

interface DecodeOptions {
  readonly aws: AwsSettings;
  readonly avro_raw_json: boolean;
}

/** A version, how the rest is compressed, and the UUID of the schema version. */
const HEADER_BYTES = 18;
const HEADER_VERSION = 3;
const PLAIN = 0;
const ZLIB = 5;

const inflate = decompressorOf('zlib');

/** `glue_schema_registry_decode`: documents of messages that the serializers of the AWS Glue schema registry wrote. */
export function glueSchemaRegistryDecode(settings: ProcessorSettings, { openGlue }: CompileContext): Processor {
  const { position, path } = settings;
  if (!openGlue) throw new ProcessorConfigError(position, path, 'expected a way to ask AWS Glue, found none in this program');
  const { aws, avro_raw_json: unwraps } = settings.options as unknown as DecodeOptions;
  const schemas = openGlue(aws);
  return decodeBySchema(settings, {
    read,
    schemaOf: (id, signal) => schemas.version(id, signal),
    unwraps,
    typeReader(types, file) {
      const names = types.namesIn(file).toSorted();
      return (data) => {
        const { name, rest } = readMessageName(data, names);
        return { type: types.message(name), rest };
      };
    },
  });
}

function read(bytes: Buffer): { readonly id: string; readonly data: Buffer } {
  if (bytes.length < HEADER_BYTES)
    throw new ContentError(`expected a header of ${HEADER_BYTES} bytes as AWS Glue has it, found ${bytes.length} bytes in all`);
  const [version, compression] = bytes;
  if (version !== HEADER_VERSION) throw new ContentError(`expected ${HEADER_VERSION} as the version of the header, found ${version}`);
  if (compression !== PLAIN && compression !== ZLIB)
    throw new ContentError(`expected ${PLAIN} or ${ZLIB} (zlib) as the compression in the header, found ${compression}`);
  const rest = bytes.subarray(HEADER_BYTES);
  return { id: uuidOf(bytes.subarray(2, HEADER_BYTES)), data: compression === ZLIB ? asBuffer(inflate(rest)) : rest };
}

const uuidOf = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
