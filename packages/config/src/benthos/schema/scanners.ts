import { z } from 'zod';
import { component, flag, goInteger, oneOf, requiredComponent, text, withoutEffect } from '../../schema/leaf.ts';
import { optionalFields } from './optional-fields.ts';

const into = component('scanner').meta({ description: 'The scanner of what comes out; all of it is one message by default.' });

/** Every scanner Sluice has, by name, with its fields. */
export const scannerTypes = {
  avro: z
    .strictObject({
      raw_json: flag()
        .prefault(false)
        .meta({ description: 'Write values of a union as they are, in place of an object that names their type.' }),
    })
    .meta({ description: "A document, in Avro's JSON encoding, for each object of an Avro container file." }),
  lines: z
    .strictObject({
      custom_delimiter: text().prefault('').meta({ description: 'What ends a message, in place of a line break.' }),
      max_buffer_size: goInteger().prefault(65_536).meta({ description: 'Bytes of the longest line.' }),
      omit_empty: flag().prefault(false).meta({ description: 'Leave out empty lines.' }),
    })
    .meta({ description: 'A message for each line.' }),
  csv: z
    .strictObject({
      custom_delimiter: text().prefault('').meta({ description: 'What stands between fields, in place of a comma; one character.' }),
      parse_header_row: flag().prefault(true).meta({ description: 'The first row holds names; without it, each message is a list.' }),
      lazy_quotes: flag().prefault(false).meta({ description: 'Take quotes where they should not be as they are.' }),
      continue_on_error: flag()
        .prefault(false)
        .meta({ description: 'Make a failed message of a row that cannot be read, in place of skipping it.' }),
    })
    .meta({ description: 'A document for each row.' }),
  chunker: z
    .strictObject({ size: goInteger({ atLeast: 1 }).meta({ description: 'Bytes of each message.' }) })
    .meta({ description: 'Messages of one size.' }),
  decompress: z
    .strictObject({
      algorithm: oneOf('gzip', 'pgzip', 'zlib', 'bzip2', 'flate', 'snappy', 'lz4', 'zstd').meta({ description: 'The algorithm.' }),
      into,
    })
    .meta({ description: 'Decompresses what another scanner reads.' }),
  json_array: z.strictObject({}).meta({ description: 'A message for each element of a JSON list.' }),
  json_documents: z.strictObject({}).meta({ description: 'A message for each JSON document.' }),
  re_match: z
    .strictObject({
      pattern: text().meta({ description: 'A regular expression; each match begins a message.' }),
      max_buffer_size: goInteger().prefault(65_536).meta(withoutEffect('a source is read to its end')),
    })
    .meta({ description: 'A message from each match to the next.' }),
  skip_bom: z.strictObject({ into }).meta({ description: 'Leaves out a byte order mark.' }),
  switch: z
    .array(
      z.strictObject({
        re_match_name: text().prefault('').meta({ description: 'A regular expression; empty matches every name.' }),
        scanner: requiredComponent('scanner').meta({ description: 'The scanner of files whose names match.' }),
      }),
    )
    .meta({ description: 'Another scanner by the name of the file.' }),
  tar: z.strictObject({}).meta({ description: 'A message for each file of an archive.' }),
  to_the_end: z.strictObject({}).meta({ description: 'One message of everything.' }),
};

export const scannerSchema = z
  .strictObject(optionalFields(scannerTypes))
  .meta({ description: 'How bytes become messages: the name of a scanner as the field, its options as the value.' });
