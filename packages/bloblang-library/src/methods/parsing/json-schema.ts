import { defineMethod } from '@sluice/bloblang';
import { BloblangError, encodeJson, parseJson } from '@sluice/values';
import { compileSchema } from './json-schema/compile-schema.ts';
import { type Violation, validate } from './json-schema/validate.ts';

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
    const schema = compile(text);
    return (value) => {
      const violations = validate(schema, parseJson(encodeJson(value)));
      if (violations.length > 0) throw new BloblangError(violations.map(describe).join('\n'));
      return value;
    };
  },
});

function compile(text: string): ReturnType<typeof compileSchema> {
  try {
    return compileSchema(text);
  } catch (error) {
    throw error instanceof BloblangError ? new BloblangError(`failed to parse json schema definition: ${error.message}`) : error;
  }
}

/** In small letters, but for the name that it may begin with. */
function describe({ field, description, property }: Violation): string {
  const text = description.toLowerCase();
  if (property === undefined) return `${field} ${text}`;
  const rest = text.startsWith(property.toLowerCase()) ? text.slice(property.length) : text;
  return `${field} ${property}${rest}`;
}
