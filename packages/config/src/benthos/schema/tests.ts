import { z } from 'zod';
import { query, text } from '../../schema/leaf.ts';

const anything = (description: string) => z.unknown().optional().meta({ description });

const inputMessage = z
  .strictObject({
    content: text().optional().meta({ description: 'The content.' }),
    json_content: anything('The content as a document; wins over `content`.'),
    file_content: text().optional().meta({ description: 'File that holds the content, relative to the file of the test.' }),
    metadata: z.record(z.string(), z.unknown()).optional().meta({ description: 'Metadata, values of any type.' }),
  })
  .meta({ description: 'A message to process.' });

/** In the order in which they are checked. */
const conditions = z
  .strictObject({
    bloblang: query()
      .optional()
      .meta({ description: 'A Bloblang query that must be `true`.', examples: ['this.age > 10'] }),
    content_equals: text().optional().meta({ description: 'The whole content.' }),
    content_matches: text().optional().meta({ description: 'A regular expression that must match within the content.' }),
    metadata_equals: z.record(z.string(), z.unknown()).optional().meta({ description: 'Metadata that must be there.' }),
    file_equals: text().optional().meta({ description: 'File that holds the whole content.' }),
    file_json_equals: text().optional().meta({ description: 'File that holds the document that the content must be.' }),
    json_equals: anything('The document that the content must be.'),
    json_contains: anything('A document of which the content must be a superset.'),
    file_json_contains: text().optional().meta({ description: 'File that holds such a document.' }),
  })
  .meta({ description: 'What must hold for a message; each is checked.' });

const testSchema = z
  .strictObject({
    name: text().meta({ description: 'The name of the test.' }),
    environment: z.record(z.string(), text()).optional().meta({ description: 'Environment variables while the configuration is read.' }),
    target_processors: text().prefault('/pipeline/processors').meta({
      description: 'The processors to test: a label of `processor_resources`, or a JSON pointer, into another file if a path precedes `#`.',
    }),
    target_mapping: text().prefault('').meta({ description: 'A file with a mapping to test instead of processors.' }),
    mocks: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Processors to put in the place of others, by label or JSON pointer.' }),
    input_batch: z.array(inputMessage).optional().meta({ description: 'A batch to process.' }),
    input_batches: z.array(z.array(inputMessage)).optional().meta({ description: 'Batches to process.' }),
    output_batches: z.array(z.array(conditions)).optional().meta({ description: 'Batches that must come out; absent, none.' }),
  })
  .meta({ description: 'One test of processors.' });

/** The `tests` of a Benthos file, and of a `…_benthos_test.yaml`. */
export const testsSchema = z.array(testSchema).meta({ description: 'Tests of the processors, run by `sluice test`.' });

export type TestFields = z.output<typeof testSchema>;
