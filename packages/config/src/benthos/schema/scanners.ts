import { z } from 'zod';
import { flag, goInteger, text } from '../../schema/leaf.ts';
import { optionalFields } from './optional-fields.ts';

/** Every scanner Sluice has, by name, with its fields. */
export const scannerTypes = {
  lines: z
    .strictObject({
      custom_delimiter: text().prefault('').meta({ description: 'What ends a message, in place of a line break.' }),
      max_buffer_size: goInteger().prefault(65_536).meta({ description: 'Bytes of the longest line.' }),
      omit_empty: flag().prefault(false).meta({ description: 'Leave out empty lines.' }),
    })
    .meta({ description: 'A message for each line.' }),
  to_the_end: z.strictObject({}).meta({ description: 'One message of everything.' }),
};

export const scannerSchema = z
  .strictObject(optionalFields(scannerTypes))
  .meta({ description: 'How bytes become messages: the name of a scanner as the field, its options as the value.' });
