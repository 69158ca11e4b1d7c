import { defineMethod } from '@sluice/bloblang';
import { compileJsonSchema } from './json-schema/json-schema-check.ts';

export const jsonSchema = defineMethod('json_schema', {
  category: 'Object & Array Manipulation',
  status: 'beta',
  description:
    'The target as it is if a JSON schema (draft 4, 6 or 7) accepts it, else an error with a line for each thing that is wrong. References must lead to places within the schema; none is ever loaded.',
  parameters: [{ name: 'schema', type: 'string', description: 'The schema, for example `file("./order.json")`.' }],
  examples: [
    {
      mapping: 'root = this.json_schema("""{"type": "object", "required": ["id"]}""")',
      input: { id: 7 },
      output: { id: 7 },
    },
    {
      mapping:
        'root = this.json_schema("""{"properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["id"]}""").catch(err -> err)',
      input: { n: 0 },
      output: 'field `this`: (root) id is required\nn must be greater than or equal to 1',
    },
  ],
  prepare: ([text]) => {
    const check = compileJsonSchema(text);
    return (value) => {
      check(value);
      return value;
    };
  },
});
