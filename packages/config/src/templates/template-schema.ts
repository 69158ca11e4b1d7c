import { z } from 'zod';
import { flag, mapping, oneOf, requiredText, text } from '../schema/leaf.ts';

/** A file of a template, as Benthos has it. */
export const templateSchema = z.strictObject({
  name: requiredText().meta({ description: 'The type by which configurations name it.' }),
  type: oneOf('cache', 'input', 'output', 'processor', 'rate_limit').meta({ description: 'What it makes.' }),
  status: oneOf('stable', 'beta', 'experimental').prefault('stable').meta({ description: 'Without effect.' }),
  categories: z.array(text()).prefault([]).meta({ description: 'Without effect.' }),
  summary: text().prefault('').meta({ description: 'Without effect.' }),
  description: text().prefault('').meta({ description: 'Without effect.' }),
  fields: z
    .array(
      z.strictObject({
        name: requiredText().meta({ description: 'The name of the field.' }),
        description: text().prefault('').meta({ description: 'Without effect.' }),
        type: oneOf('string', 'int', 'float', 'bool', 'bloblang', 'unknown').meta({ description: 'What it holds.' }),
        kind: oneOf('scalar', 'map', 'list').prefault('scalar').meta({ description: 'Whether it holds one, or several.' }),
        default: z.unknown().optional().meta({ description: 'Its value where it is not set; without a default it must be set.' }),
        advanced: flag().prefault(false).meta({ description: 'Without effect.' }),
      }),
    )
    .prefault([])
    .meta({ description: 'What a configuration may set.' }),
  mapping: mapping().meta({ description: 'Makes the configuration of a component; `this` holds the fields, and `@label` its label.' }),
  metrics_mapping: text().optional().meta({ description: 'Refused: Sluice does not rename metrics.' }),
  tests: z.unknown().optional().meta({ description: 'Not run.' }),
});
