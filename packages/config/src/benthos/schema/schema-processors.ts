import { z } from 'zod';
import { flag, oneOf, text } from '../../schema/leaf.ts';
import { httpProcessor, offOnly } from './http-processor.ts';
import { sessionFields } from './session.ts';

const { basic_auth, tls } = httpProcessor.shape;

/** Processors that decode and encode by a schema. */
export const schemaProcessors = {
  avro: z
    .strictObject({
      operator: oneOf('to_json', 'from_json').meta({ description: '`to_json` makes a document of Avro, `from_json` Avro of a document.' }),
      encoding: oneOf('textual', 'binary', 'single')
        .prefault('textual')
        .meta({ description: 'How Avro is encoded; `single` has the fingerprint of the schema in front of the binary form.' }),
      schema: text().prefault('').meta({ description: 'An Avro schema.' }),
      schema_path: text().prefault('').meta({ description: 'The file that holds the schema, `file://` in front; it wins over `schema`.' }),
    })
    .meta({
      description:
        "Converts records by an Avro schema. Documents are in Avro's JSON encoding: a value of a union is an object that names its type, and bytes are a text of one character each.",
    }),
  glue_schema_registry_decode: z
    .strictObject({
      avro_raw_json: flag()
        .prefault(false)
        .meta({ description: 'Values of Avro unions stand as they are, without the name of their type.' }),
      ...sessionFields,
      endpoint: text().prefault('').meta({ description: 'A custom endpoint for AWS Glue and for the assumed role, plain http included.' }),
    })
    .meta({
      description:
        'Makes documents of records that the serializers of the AWS Glue schema registry wrote: a byte 3, one that says how the rest is compressed (0: not, 5: zlib), and the id of a schema version, which is read from AWS Glue once. Schemas of Avro, JSON and Protobuf (without imports of other schemas) are known.',
    }),
  protobuf: z
    .strictObject({
      operator: oneOf('to_json', 'from_json').meta({
        description: '`to_json` makes a document of a Protobuf message, `from_json` a Protobuf message of a document.',
      }),
      message: text().meta({ description: 'The full name of the message type.' }),
      discard_unknown: flag()
        .prefault(false)
        .meta({ description: '`from_json` leaves out fields that the message does not have; otherwise they fail the record.' }),
      use_proto_names: flag().prefault(false).meta({ description: '`to_json` names fields as the file does, in place of lowerCamelCase.' }),
      import_paths: z.array(text()).prefault([]).meta({
        description: 'Folders whose .proto files, and those in folders below, are read at start. Imports are looked for from there.',
      }),
      use_enum_numbers: flag().prefault(false).meta({ description: '`to_json` writes values of enums as numbers.' }),
    })
    .meta({
      description:
        "Converts records between Protobuf and documents of Protobuf's JSON mapping. The start reads the .proto files; the types that come with Protobuf, as `google/protobuf/timestamp.proto`, need none.",
    }),
  schema_registry_decode: z
    .strictObject({
      url: text().meta({ description: 'The URL of the registry.' }),
      avro_raw_json: flag()
        .prefault(false)
        .meta({ description: 'Values of Avro unions stand as they are, without the name of their type.' }),
      oauth: offOnly('oauth', 'use `basic_auth`'),
      basic_auth,
      jwt: offOnly('jwt', 'use `basic_auth`'),
      tls,
    })
    .meta({
      description:
        'Makes documents of records that begin with the header of a Confluent schema registry: a zero byte and the id of a schema, which is read from the registry once. Schemas of Avro, JSON and Protobuf are known; references to other schemas are followed in Avro and Protobuf.',
    }),
};
